package sparrow.models.pool;

import java.time.Duration;

/**
 * The bounds of a pool.
 *
 * @param maxActive replies decoded at once; 0: as many as the machine can give real time, found while it runs
 * @param queue replies that may wait
 * @param kvBytes memory of keys and values, of running replies and of conversations between replies
 * @param passTarget time that a pass may take while others decode: it bounds the prompt positions that go along
 * @param vocoders threads that make sound
 */
public record PoolOptions(int maxActive, int queue, long kvBytes, Duration passTarget, int vocoders) {
    /** Found limits, 32 waiting, 1 GiB, a quarter of a second, two vocoders. */
    public static final PoolOptions DEFAULT = new PoolOptions(0, 32, 1L << 30, Duration.ofMillis(250), 2);

    public PoolOptions {
        if (maxActive < 0) throw new IllegalArgumentException("active replies: expected 0 or more, got " + maxActive);
        if (queue < 0) throw new IllegalArgumentException("waiting replies: expected 0 or more, got " + queue);
        if (kvBytes < 1) throw new IllegalArgumentException("KV memory: expected 1 byte or more, got " + kvBytes);
        if (passTarget.isNegative() || passTarget.isZero()) {
            throw new IllegalArgumentException("pass target: expected more than no time, got " + passTarget);
        }
        if (vocoders < 1) throw new IllegalArgumentException("vocoders: expected 1 or more, got " + vocoders);
    }
}
