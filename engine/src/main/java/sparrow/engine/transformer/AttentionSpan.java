package sparrow.engine.transformer;

/** The positions of a sequence to which a position attends. */
public sealed interface AttentionSpan {
    /** The span of most models, which contains the position itself and all earlier positions. */
    AttentionSpan CAUSAL = new Causal();

    /** The position itself and all earlier positions. */
    record Causal() implements AttentionSpan {}

    /**
     * The position itself and the {@code positions - 1} positions before it. Keys and values of earlier positions are
     * also stored, so that a sequence can be truncated anywhere.
     *
     * @param positions maximum number of positions
     * @param rope rotary embedding of these layers, which replaces the configuration's rotary embedding
     */
    record Window(int positions, Rope rope) implements AttentionSpan {
        public Window {
            if (positions < 1) {
                throw new IllegalArgumentException("window: expected 1 position or more, got " + positions);
            }
        }
    }

    /** All positions of the sequence, including later positions, which must be in the same pass. */
    record Whole() implements AttentionSpan {}
}
