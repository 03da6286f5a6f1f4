package sparrow.speech.vocode;

/**
 * The random numbers of one utterance. One object serves one utterance at a time; {@link #seeded} ones with the same
 * seed give the same speech.
 *
 * <p>For one thread at a time.
 */
public interface Noise {
    /**
     * Where the flow starts: standard normal, [frames, melBins]. In a streamed utterance this is asked once a block, from
     * the first frame on: the numbers of a frame are the same at every call.
     */
    float[] flow(int frames, int melBins);

    /** Phases of the source's sines at the start, [harmonics], radians; that of the fundamental (the first) is 0. */
    float[] phases(int harmonics);

    /** The source's noise: standard normal, [samples, harmonics]. It is what unvoiced speech is made from. */
    float[] source(int samples, int harmonics);

    /** Random numbers that depend on nothing but the seed and the sizes asked for. */
    static Noise seeded(long seed) {
        return new SeededNoise(seed);
    }

    /**
     * Given numbers, for comparisons.
     *
     * @param flow as {@link #flow} gives it
     * @param phases as {@link #phases} gives them
     * @param source as {@link #source} gives it; an empty array stands for zeros, a source without noise
     */
    static Noise replayed(float[] flow, float[] phases, float[] source) {
        return new ReplayedNoise(flow.clone(), phases.clone(), source.clone());
    }
}
