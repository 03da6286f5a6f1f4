package sparrow.engine.head;

/**
 * Random numbers for the choice at one position, one for every token id. The generator is counter-based: each number
 * depends only on the key and the token id, not on earlier calls.
 *
 * @param key hash of seed and position
 */
record Noise(long key) {
    /** The increment of SplitMix64, which is 2^64 divided by the golden ratio. */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    /** Returns the noise for a seed at a position. */
    static Noise at(long seed, int position) {
        // The step avoids mix(0) = 0 for seed 0, which is the most common seed.
        return new Noise(mix(mix(seed + STEP) + position * STEP));
    }

    /** Returns the number for a token id. The numbers are uniformly distributed in the open interval (0, 1). */
    double uniform(int token) {
        // With 52 bits, adding 0.5 is exact, so the result is never 0 and the largest result is not rounded up to 1.
        return ((mix(key + token * STEP) >>> 12) + 0.5) * 0x1p-52;
    }

    /**
     * Applies the finaliser of SplitMix64 (Steele, Lea, Flood 2014; Stafford's variant 13). Each bit of the result
     * depends on all bits.
     */
    private static long mix(long bits) {
        bits = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ bits >>> 27) * 0x94D049BB133111EBL;
        return bits ^ bits >>> 31;
    }
}
