package sparrow.engine.decode;

/**
 * Limits after which a reply counts as endless ({@link LoopDetector}). A budget that is too small cuts words.
 *
 * @param perCharacter speech units that a character of text may take ({@link LanguageModel#characters})
 * @param slack speech units beyond these that a whole reply may have
 * @param unitsPerSecond speech units of one second of sound
 */
public record LoopRule(double perCharacter, int slack, double unitsPerSecond) {
    public LoopRule {
        if (!(perCharacter >= 0 && perCharacter < 1e6)) {
            throw new IllegalArgumentException(
                    "loop rule: expected 0 to 1e6 speech units a character, got " + perCharacter);
        }
        if (slack < 1)
            throw new IllegalArgumentException("loop rule: expected a slack of 1 unit or more, got " + slack);
        if (!(unitsPerSecond > 0 && unitsPerSecond <= 1000)) {
            throw new IllegalArgumentException("loop rule: expected 0 to 1000 units a second, got " + unitsPerSecond);
        }
    }
}
