package sparrow.engine.decode;

/**
 * The next positions of a prompt, to be prefilled while other sequences take a step.
 *
 * @param generation reply to which the prompt belongs
 * @param positions maximum number of positions, at least 1
 */
public record PromptPiece(Generation generation, int positions) {
    public PromptPiece {
        if (positions < 1) throw new IllegalArgumentException("positions: expected 1 or more, got " + positions);
    }
}
