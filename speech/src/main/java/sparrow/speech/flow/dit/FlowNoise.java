package sparrow.speech.flow.dit;

/** Where the flow starts: standard normal numbers, the same ones for a frame at every call. */
@FunctionalInterface
public interface FlowNoise {
    /** Those of the first frames, [frames, melBins]. */
    float[] first(int frames);
}
