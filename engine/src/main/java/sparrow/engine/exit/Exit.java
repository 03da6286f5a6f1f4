package sparrow.engine.exit;

/**
 * A layer after which a position may exit, and the condition for it. Full depth is the unconditional exit after layer L.
 *
 * @param layer from 1; L is full depth
 * @param maxEntropy the position exits if the entropy of the layer's head, in nats, is below this value; infinite for
 *     an unconditional exit
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

    /** True if this exit depends on the entropy of the head. */
    public boolean isConditional() {
        return maxEntropy < Double.POSITIVE_INFINITY;
    }
}
