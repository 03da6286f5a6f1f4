package sparrow.engine.head;

/**
 * The noise of the choice at one position: a number for every token id, the same however often and in whatever order it is
 * asked for. Counter-based: nothing is remembered but the key.
 *
 * @param key of seed and position
 */
record Noise(long key) {
    /** 2^64 over the golden ratio, the step of a SplitMix64 sequence. */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    /** The noise at a position of the replies of a seed. */
    static Noise at(long seed, int position) {
        // One step ahead: 0 is where mixing changes nothing, and the commonest seed.
        return new Noise(mix(mix(seed + STEP) + position * STEP));
    }

    /** Evenly distributed in (0, 1), both ends excluded. */
    double uniform(int token) {
        // 52 bits, so that the half that keeps it off 0 is exact and does not round the largest up to 1.
        return ((mix(key + token * STEP) >>> 12) + 0.5) * 0x1p-52;
    }

    /** Every bit of the result depends on every bit: the finaliser of SplitMix64 (Steele, Lea, Flood 2014; Stafford's variant 13). */
    private static long mix(long bits) {
        bits = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ bits >>> 27) * 0x94D049BB133111EBL;
        return bits ^ bits >>> 31;
    }
}
