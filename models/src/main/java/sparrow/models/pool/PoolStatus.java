package sparrow.models.pool;

/**
 * What a pool is doing, for people and metrics.
 *
 * @param active replies being prefilled, decoded or vocoded
 * @param waiting replies that wait to be admitted
 * @param slots conversations that are open
 * @param kvReserved bytes of keys and values that active replies may need
 * @param kvIdle bytes that conversations between replies hold
 * @param kvLimit bytes that both together may take
 * @param vocoderQueue blocks of codes that wait for a vocoder
 */
public record PoolStatus(
        int active, int waiting, int slots, long kvReserved, long kvIdle, long kvLimit, int vocoderQueue) {}
