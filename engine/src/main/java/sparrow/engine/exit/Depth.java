package sparrow.engine.exit;

/** How deep one position runs before its token is chosen. */
public sealed interface Depth {
    /** Through all layers. */
    record Full() implements Depth {}

    /** Leaves after {@code layer}, from 1; the exit head of that layer chooses. */
    record Early(int layer) implements Depth {}

    /**
     * Leaves after {@code layer} if the entropy of that layer's exit head is below {@code entropy} nats, and goes on
     * through all layers otherwise.
     */
    record IfConfident(int layer, double entropy) implements Depth {}
}
