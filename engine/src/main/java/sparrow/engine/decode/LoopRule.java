package sparrow.engine.decode;

/**
 * Parameters for detecting endless replies ({@link LoopDetector}). A budget that is too small cuts off words.
 *
 * @param perCharacter number of speech units allowed per character of text ({@link LanguageModel#characters})
 * @param slack number of additional speech units allowed for the entire reply
 * @param unitsPerSecond number of speech units per second of audio
 */
public record LoopRule(double perCharacter, int slack, double unitsPerSecond) {
    public LoopRule {
        if (!(perCharacter >= 0 && perCharacter < 1e6)) {
            throw new IllegalArgumentException(
                    "loop rule: expected 0 to 1e6 speech units per character, got " + perCharacter);
        }
        if (slack < 1)
            throw new IllegalArgumentException("loop rule: expected a slack of 1 unit or more, got " + slack);
        if (!(unitsPerSecond > 0 && unitsPerSecond <= 1000)) {
            throw new IllegalArgumentException(
                    "loop rule: expected more than 0 and at most 1000 units per second, got " + unitsPerSecond);
        }
    }
}
