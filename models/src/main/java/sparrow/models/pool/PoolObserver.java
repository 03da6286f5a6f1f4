package sparrow.models.pool;

/** Is told what a pool does, for metrics. Called on the pool's threads; must return at once. */
public interface PoolObserver {
    /** Ignores everything. */
    PoolObserver NONE = new PoolObserver() {};

    /** A pass through the layers is over. */
    default void pass(PoolPass pass) {}

    /**
     * A vocoder made sound of a block.
     *
     * @param nanos that it took
     * @param samples that became final
     */
    default void vocoded(long nanos, int samples) {}

    /** A conversation between replies lost its keys and values to make room. */
    default void evicted(long bytes) {}
}
