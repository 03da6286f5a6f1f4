package sparrow.models.pool;

/** Observes a pool's work, for metrics. The methods are called on the pool's threads and must return quickly. */
public interface PoolObserver {
    /** An observer that ignores all notifications. */
    PoolObserver NONE = new PoolObserver() {};

    /** Called after a pass through the layers. */
    default void pass(Pass pass) {}

    /**
     * Called after a vocoder has converted a block to audio.
     *
     * @param nanos the time that the conversion took
     * @param samples the number of samples that became final
     */
    default void vocoded(long nanos, int samples) {}

    /** Called before an idle conversation loses its keys and values to make room. */
    default void evicted(long bytes) {}

    /**
     * A pass through the layers.
     *
     * @param decoded the number of replies for which the pass selected a token, drafted a token, or verified drafts
     * @param prefilled the number of prompt positions in the pass
     * @param early whether the upper layers were not read
     * @param nanos the time that the pass took
     */
    record Pass(int decoded, int prefilled, boolean early, long nanos) {}
}
