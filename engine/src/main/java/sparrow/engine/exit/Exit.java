package sparrow.engine.exit;

/**
 * A layer after which a position may exit, and the exit condition. Full depth is the unconditional exit after layer L.
 *
 * @param layer layer number, counted from 1; L is full depth
 * @param maxEntropy upper bound on the entropy of the layer's head, in nats, below which the position exits; infinite
 *     for an unconditional exit
 */
public record Exit(int layer, double maxEntropy) {
    public Exit {
        if (layer < 1) throw new IllegalArgumentException("exit layer: expected 1 or more, got " + layer);
        if (!(maxEntropy >= 0)) {
            throw new IllegalArgumentException("entropy threshold: expected 0 or more nats, got " + maxEntropy);
        }
    }

    /** Returns an unconditional exit. */
    public static Exit always(int layer) {
        return new Exit(layer, Double.POSITIVE_INFINITY);
    }

    /** Returns whether this exit depends on the head's entropy. */
    public boolean isConditional() {
        return maxEntropy < Double.POSITIVE_INFINITY;
    }
}
