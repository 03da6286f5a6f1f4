package sparrow.speech.flow.dit;

import sparrow.speech.flow.Conditions;
import sparrow.tensor.kernel.Block;

/**
 * An utterance whose codes arrive in chunks (inference_chunk, with the truncation of the caches in Token2wav.stream).
 * Encoder and estimator store the results of earlier chunks, so each chunk is computed once. Instances must be used by
 * one caller at a time.
 *
 * <p>The estimator attends to a bounded number of frames: as many of the newest frames as the voice has, and the last
 * 100 frames in storage order, where the end of the voice is stored. As in the published code, new frames are stored
 * before older frames, so these frames are not simply the voice and the newest two seconds. The noise index of a
 * chunk's first frame is the number of retained frames. The attention of the encoder is bounded only by the context of
 * the flow ({@link DitFlow#with}).
 */
public final class DitFlowSession {
    /** Number of frames at the end of the storage order that are never removed. */
    private static final int OLDEST_KEPT = 100;

    /** Number of frames in a chunk of the published size. Longer chunks need more memory. */
    private static final int USUAL_CHUNK = 50;

    /** An empty array of given frames, because the voice's frames are already in the memory. */
    private static final float[] NOTHING_GIVEN = {};

    private final PromptedFlow prompt;
    private final DitFlow.Noise noise;
    private final float[] array;
    private final FlowMemory memory;
    private boolean ended;

    DitFlowSession(PromptedFlow prompt, DitFlow.Noise noise) {
        this.prompt = prompt;
        this.noise = noise;
        this.array = prompt.array(prompt.frames() + OLDEST_KEPT + USUAL_CHUNK);
        this.memory = prompt.memory().fork(array, prompt.frames() + OLDEST_KEPT + USUAL_CHUNK);
    }

    FlowMemory memory() {
        return memory;
    }

    /**
     * Computes the mel frames of the next codes. The published chunk size is 25 codes and 3 codes of look-ahead. Other
     * sizes produce slightly different frames because a frame attends to its own and earlier chunks.
     *
     * @param codes next codes; except in the last chunk, they include the look-ahead ({@link DitFlow#lookahead}), with
     *     which the next chunk must begin
     * @param last whether this is the last chunk; in this case, all codes become frames, and there may be no codes
     * @return natural logarithms of magnitudes, [{@link DitFlow#frames}(codes), melBins]
     * @throws IllegalArgumentException if a code is not in the codebook, or there are too few codes; the session is
     *     then unchanged
     * @throws IllegalStateException if the last chunk has already been accepted
     */
    public float[] accept(int[] codes, boolean last) {
        DitFlow flow = prompt.flow();
        if (ended) throw new IllegalStateException("the utterance has ended: expected no more codes");
        flow.check(codes);
        if (!last && codes.length <= flow.lookahead()) {
            throw new IllegalArgumentException(
                    "codes: expected more than the " + flow.lookahead() + " look-ahead codes, got " + codes.length);
        }
        ended = last;
        if (codes.length == 0) return new float[0];
        Block mu = last ? flow.lastConditions(codes, memory.encoder()) : flow.conditions(codes, memory.encoder());
        float[] mel = flow.solve(new Conditions(mu, prompt.speaker(), NOTHING_GIVEN), noise, memory);
        memory.retain(prompt.frames(), OLDEST_KEPT, flow.kernels().pool());
        flow.forget(memory);
        if (last) prompt.release(array);
        return mel;
    }
}
