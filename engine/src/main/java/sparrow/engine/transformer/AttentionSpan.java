package sparrow.engine.transformer;

/** The positions of a sequence that a position attends to. */
public sealed interface AttentionSpan {
    /** The span of most models: the position itself and all earlier ones. */
    AttentionSpan CAUSAL = new Causal();

    /** The position itself and all earlier ones. */
    record Causal() implements AttentionSpan {}

    /**
     * The position itself and the {@code positions - 1} before it. Keys and values of earlier positions are stored
     * nevertheless, so that a sequence can be truncated anywhere.
     *
     * @param positions maximum number of positions
     * @param rope rotary embedding of these layers, in place of the configuration's
     */
    record Window(int positions, Rope rope) implements AttentionSpan {
        public Window {
            if (positions < 1) {
                throw new IllegalArgumentException("window: expected 1 position or more, got " + positions);
            }
        }
    }

    /** All positions of the sequence, later ones included. They must be in the same pass. */
    record Whole() implements AttentionSpan {}
}
