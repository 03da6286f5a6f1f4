package sparrow.engine.decode;

/**
 * The next positions of a prompt, to be prefilled in a step of other sequences.
 *
 * @param generation reply that the prompt belongs to
 * @param positions maximum number of positions, at least one
 */
public record PromptPiece(Generation generation, int positions) {
    public PromptPiece {
        if (positions < 1) throw new IllegalArgumentException("positions: expected 1 or more, got " + positions);
    }
}
