package sparrow.speech.flow.dit;

import sparrow.speech.flow.Conditions;
import sparrow.tensor.kernel.Block;

/**
 * An utterance whose codes arrive in chunks (inference_chunk, with the cut of the caches that Token2wav.stream makes).
 * Encoder and estimator remember earlier chunks, so that each is computed once. For one caller at a time.
 *
 * <p>The estimator attends to a bounded number of frames: as many of the newest frames as the voice has, and the 100
 * frames that were stored first, the voice's end. That is not "voice and newest two seconds", because new frames are
 * stored in front, as in the published code. The noise of a chunk begins at the number of frames that are kept. The
 * context of the flow ({@link DitFlow#with}) alone bounds the attention of the encoder.
 */
public final class DitFlowSession {
    /** Of the frames that were stored first, those that are never forgotten. */
    private static final int OLDEST_KEPT = 100;

    /** Frames of a chunk in the published rhythm; longer ones need more memory. */
    private static final int USUAL_CHUNK = 50;

    /** Only the voice's frames are given. */
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
     * The mel frames of the next codes. The published rhythm is 25 codes and 3 to look ahead to; another one gives
     * slightly different frames, for a frame sees its own chunk and those before.
     *
     * @param codes the next codes; if more follow, also those that they look ahead to ({@link DitFlow#lookahead}), which
     *     the next chunk begins with
     * @param last true if no more follow; all codes become frames then, and there may be none
     * @return natural logarithms of magnitudes, [{@link DitFlow#frames}(codes), melBins]
     * @throws IllegalArgumentException if a code is not in the codebook or there are too few; nothing has changed then
     * @throws IllegalStateException if the last chunk has been taken already
     */
    public float[] accept(int[] codes, boolean last) {
        DitFlow flow = prompt.flow();
        if (ended) throw new IllegalStateException("the utterance has ended: expected no more codes");
        flow.check(codes);
        if (!last && codes.length <= flow.lookahead()) {
            throw new IllegalArgumentException(
                    "codes: expected more than the " + flow.lookahead() + " to look ahead to, got " + codes.length);
        }
        ended = last;
        if (codes.length == 0) return new float[0];
        Block mu = last ? flow.lastConditions(codes, memory.encoder()) : flow.conditions(codes, memory.encoder());
        float[] mel = flow.solve(new Conditions(mu, prompt.speaker(), NOTHING_GIVEN), noise, memory);
        memory.keep(prompt.frames(), OLDEST_KEPT, flow.kernels().pool());
        flow.forget(memory);
        if (last) prompt.giveBack(array);
        return mel;
    }
}
