package sparrow.speech.flow.dit;

import java.util.concurrent.atomic.AtomicReference;

/**
 * A flow that has processed a voice. Utterances in that voice whose codes arrive in chunks start from this flow. It is
 * immutable, so several utterances may start at the same time. It contains the voice's keys and values for every block
 * at every solver step: 1.3 MB per mel frame of the voice at the published sizes.
 */
public final class PromptedFlow {
    private final DitFlow flow;
    private final float[] speaker;
    private final int frames;
    private final FlowMemory memory;
    private final AtomicReference<float[]> spare = new AtomicReference<>();

    /**
     * Creates a prompted flow.
     *
     * @param speaker projected speaker vector
     * @param frames number of frames of the voice
     * @param memory memory after the voice; owned by this object
     */
    PromptedFlow(DitFlow flow, float[] speaker, int frames, FlowMemory memory) {
        this.flow = flow;
        this.speaker = speaker;
        this.frames = frames;
        this.memory = memory;
    }

    DitFlow flow() {
        return flow;
    }

    float[] speaker() {
        return speaker;
    }

    /** Returns the number of mel frames of the voice. */
    int frames() {
        return frames;
    }

    FlowMemory memory() {
        return memory;
    }

    /**
     * Returns an array for the keys and values of a number of frames, reusing the array of a finished utterance if
     * possible.
     */
    float[] array(int frames) {
        int length = Math.toIntExact(memory.values(frames));
        float[] used = spare.getAndSet(null);
        return used != null && used.length == length ? used : new float[length];
    }

    /** Returns the array of a finished utterance for reuse. The utterance must not use it afterwards. */
    void release(float[] array) {
        spare.set(array);
    }

    /** Starts an utterance in the voice. */
    public DitFlowSession start(DitFlow.Noise noise) {
        return new DitFlowSession(this, noise);
    }
}
