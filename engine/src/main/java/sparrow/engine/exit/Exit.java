package sparrow.engine.exit;

/**
 * A layer after which a position may leave, and what it takes.
 *
 * @param layer from 1; L is the end of the stack
 * @param belowNats the entropy of the layer's head, in nats, below which the position leaves; infinite where it leaves
 *     without regard to the head
 */
public record Exit(int layer, double belowNats) {
    public Exit {
        if (layer < 1) throw new IllegalArgumentException("exit layer: expected 1 or more, got " + layer);
        if (!(belowNats >= 0)) {
            throw new IllegalArgumentException("entropy threshold: expected 0 or more nats, got " + belowNats);
        }
    }

    /** An exit that every position takes. */
    public static Exit always(int layer) {
        return new Exit(layer, Double.POSITIVE_INFINITY);
    }

    /** True if it depends on what the head says. */
    public boolean isConditional() {
        return belowNats < Double.POSITIVE_INFINITY;
    }
}
