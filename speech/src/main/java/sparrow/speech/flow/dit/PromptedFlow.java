package sparrow.speech.flow.dit;

import java.util.concurrent.atomic.AtomicReference;

/**
 * A flow after the recording of a voice: the starting point of utterances in that voice whose codes arrive in chunks. It
 * never changes, so that several utterances may begin at the same time. It holds keys and values of the voice for every
 * block at every step of the solver: 1.3 MB for each of the voice's mel frames at the published sizes.
 */
public final class PromptedFlow {
    private final DitFlow flow;
    private final float[] speaker;
    private final int frames;
    private final FlowMemory memory;
    private final AtomicReference<float[]> spare = new AtomicReference<>();

    /**
     * After a voice.
     *
     * @param speaker the projected speaker vector
     * @param frames of the voice
     * @param memory of the voice; belongs to this object
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

    /** Mel frames of the voice. */
    int frames() {
        return frames;
    }

    FlowMemory memory() {
        return memory;
    }

    /** An array for the keys and values of so many frames: that of an utterance that has ended, if there is one. */
    float[] array(int frames) {
        int length = Math.toIntExact(memory.values(frames));
        float[] used = spare.getAndSet(null);
        return used != null && used.length == length ? used : new float[length];
    }

    /** Gives back the array of an utterance that has ended. Its memory may not be used any more. */
    void giveBack(float[] array) {
        spare.set(array);
    }

    /** Begins an utterance. */
    public DitFlowSession start(DitFlow.Noise noise) {
        return new DitFlowSession(this, noise);
    }
}
