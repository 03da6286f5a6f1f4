package sparrow.models.pool;

/**
 * One pass through the layers.
 *
 * @param decoded replies that decided: each a token, or a draft of one, or several that had been drafts
 * @param prefilled prompt positions that went along
 * @param early whether the upper layers were not read
 * @param nanos that it took
 */
public record PoolPass(int decoded, int prefilled, boolean early, long nanos) {}
