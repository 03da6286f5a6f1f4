package sparrow.engine.decode;

/**
 * The next positions of a prompt, to be carried along in a step of others.
 *
 * @param generation whose prompt it is
 * @param positions at most so many, at least one
 */
public record PromptPiece(Generation generation, int positions) {
    public PromptPiece {
        if (positions < 1) throw new IllegalArgumentException("positions: expected 1 or more, got " + positions);
    }
}
