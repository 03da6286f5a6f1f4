package sparrow.speech.flow.dit;

/**
 * A flow behind the recording of a voice: where utterances in that voice begin, if their codes arrive in chunks. It never
 * changes, so that several may begin at the same time. It holds keys and values of the voice for every block at every
 * step of the solver: 1.3 MB for each of the voice's mel frames at the published sizes.
 */
public final class PromptedFlow {
    private final DitFlow flow;
    private final float[] speaker;
    private final int frames;
    private final FlowMemory memory;

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

    /** Begins an utterance. */
    public DitFlowSession start(FlowNoise noise) {
        return new DitFlowSession(this, noise);
    }
}
