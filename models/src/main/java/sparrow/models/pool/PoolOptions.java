package sparrow.models.pool;

import java.time.Duration;

/**
 * The limits of a pool.
 *
 * @param maxActive the maximum number of replies decoded at once, or 0 for the number that the machine can decode in
 *     real time, which is measured at run time
 * @param queue the maximum number of waiting replies
 * @param kvBytes the memory for keys and values of running replies and of conversations between replies
 * @param passTarget the time that a pass may take while replies are decoded; it limits the number of prompt positions
 *     in the pass
 * @param vocoders the number of threads that generate audio
 */
public record PoolOptions(int maxActive, int queue, long kvBytes, Duration passTarget, int vocoders) {
    /**
     * Default limits: a measured number of active replies, 32 waiting replies, 1 GiB, a quarter of a second per pass,
     * and two vocoders.
     */
    public static final PoolOptions DEFAULT = new PoolOptions(0, 32, 1L << 30, Duration.ofMillis(250), 2);

    public PoolOptions {
        if (maxActive < 0) throw new IllegalArgumentException("active replies: expected 0 or more, got " + maxActive);
        if (queue < 0) throw new IllegalArgumentException("waiting replies: expected 0 or more, got " + queue);
        if (kvBytes < 1) throw new IllegalArgumentException("KV memory: expected 1 byte or more, got " + kvBytes);
        if (passTarget.isNegative() || passTarget.isZero()) {
            throw new IllegalArgumentException("pass target: expected more than zero, got " + passTarget);
        }
        if (vocoders < 1) throw new IllegalArgumentException("vocoders: expected 1 or more, got " + vocoders);
    }
}
