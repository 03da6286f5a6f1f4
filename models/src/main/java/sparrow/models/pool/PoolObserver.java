package sparrow.models.pool;

/** Is notified of the work of a pool, for metrics. Called on the pool's threads; must return at once. */
public interface PoolObserver {
    /** Ignores everything. */
    PoolObserver NONE = new PoolObserver() {};

    /** A pass through the layers is over. */
    default void pass(Pass pass) {}

    /**
     * A vocoder made sound of a block.
     *
     * @param nanos that it took
     * @param samples that became final
     */
    default void vocoded(long nanos, int samples) {}

    /** A conversation between replies lost its keys and values to make room. */
    default void evicted(long bytes) {}

    /**
     * One pass through the layers.
     *
     * @param decoded replies that decided: each a token, or a draft of one, or several that had been drafts
     * @param prefilled prompt positions that went along
     * @param early true if the upper layers were not read
     * @param nanos that it took
     */
    record Pass(int decoded, int prefilled, boolean early, long nanos) {}
}
