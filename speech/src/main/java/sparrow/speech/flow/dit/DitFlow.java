package sparrow.speech.flow.dit;

import java.util.Arrays;
import sparrow.speech.flow.CodeEmbedding;
import sparrow.speech.flow.Conditions;
import sparrow.speech.flow.OdeSolver;
import sparrow.speech.flow.SpeakerProjection;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Probe;
import sparrow.speech.layers.Workspace;
import sparrow.speech.schedule.FlowSchedule;
import sparrow.speech.voice.Voice;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * Converts codes to mel frames in a prompt's voice by conditional flow matching (CosyVoice 2's
 * CausalMaskedDiffWithXvec, as used by Step-Audio-2). It encodes the codes, upsamples them to frames, and integrates
 * the estimated velocity from noise, with classifier-free guidance. The frames continue the given frames of the voice.
 *
 * <p>A complete utterance ({@link #mel}) and an utterance in chunks ({@link #prompted}) produce different frames. A
 * frame of a complete utterance attends to all other frames; a frame of a chunk attends to the frames of its own and
 * earlier chunks, so it depends on the chunk boundaries.
 */
public final class DitFlow {
    /** Supplies the noise from which the flow starts. */
    @FunctionalInterface
    public interface Noise {
        /**
         * Returns standard normal numbers for the first frames, [frames, melBins]. A frame gets the same numbers in
         * every call.
         */
        float[] first(int frames);
    }

    /** An upper bound on the number of codes in an utterance; the corresponding number of frames fits in an int. */
    private static final int MAX_CODES = Integer.MAX_VALUE / 16;

    private final DitFlowConfig config;
    private final CodeEmbedding embedding;
    private final SpeakerProjection speaker;
    private final UpsamplingEncoder encoder;
    private final Linear encoderOut;
    private final DitEstimator estimator;
    private final OdeSolver solver;

    /** Maximum number of codes, including the voice's codes, that the encoder stores between chunks. */
    private final int contextCodes;

    /**
     * Reads and packs the weights.
     *
     * @throws sparrow.formats.weights.MissingTensorException if a tensor is missing
     * @throws sparrow.formats.BadFileException if a tensor's shape does not agree with the configuration
     */
    public DitFlow(LayerReader reader, DitFlowConfig config) {
        int width = config.encoder().width();
        int bins = config.melBins();
        this.config = config;
        this.embedding = CodeEmbedding.load(reader, config.vocabulary(), width);
        this.speaker = SpeakerProjection.load(reader, bins, config.speakerWidth());
        this.encoder = new UpsamplingEncoder(reader, config.encoder());
        this.encoderOut = reader.linear("encoder_proj", bins, width);
        this.estimator = new DitEstimator(reader, config);
        this.solver = solver(FlowSchedule.PUBLISHED);
        this.contextCodes = MAX_CODES;
    }

    private DitFlow(DitFlow weights, FlowSchedule schedule, int contextCodes) {
        this.config = weights.config;
        this.embedding = weights.embedding;
        this.speaker = weights.speaker;
        this.encoder = weights.encoder;
        this.encoderOut = weights.encoderOut;
        this.estimator = weights.estimator;
        this.solver = solver(schedule);
        this.contextCodes = Math.min(MAX_CODES, contextCodes);
    }

    private OdeSolver solver(FlowSchedule schedule) {
        return new OdeSolver(encoderOut.kernels(), schedule, config.steps(), config.guidance());
    }

    /**
     * Returns a flow with the same weights and different settings.
     *
     * @param schedule steps from noise to mel frames
     * @param contextCodes maximum number of codes that the encoder stores between chunks
     */
    public DitFlow with(FlowSchedule schedule, int contextCodes) {
        return new DitFlow(this, schedule, contextCodes);
    }

    public DitFlowConfig config() {
        return config;
    }

    /** Returns the number of codes after a chunk that are needed to compute its frames. */
    public int lookahead() {
        return config.encoder().lookahead();
    }

    /** Returns the number of mel frames for the given number of codes. */
    public int frames(int codes) {
        return Math.multiplyExact(codes, config.encoder().framesPerCode());
    }

    /**
     * Checks that all codes are in the codebook.
     *
     * @throws IllegalArgumentException if a code is not in the codebook
     */
    public void check(int[] codes) {
        embedding.check(codes);
    }

    SpeakerProjection speaker() {
        return speaker;
    }

    /** Returns the configuration and the steps as text. Together with the weights, this text identifies a flow. */
    String identity() {
        return config + " " + solver.steps();
    }

    /** Removes codes older than the context from the memory of an utterance. */
    void forget(FlowMemory memory) {
        memory.encoder().retainNewest(contextCodes, config.encoder().framesPerCode());
    }

    Kernels kernels() {
        return encoderOut.kernels();
    }

    DitEstimator estimator() {
        return estimator;
    }

    /**
     * Computes the mel frames of a complete utterance.
     *
     * @param codes codes of the utterance
     * @return natural logarithms of magnitudes, [frames(codes), melBins]
     * @throws IllegalArgumentException if a code is not in the codebook or the speaker vector has a different width
     */
    public float[] mel(int[] codes, Voice voice, Noise noise) {
        if (codes.length == 0) return new float[0];
        int[] all = joined(voice.codes(), codes);
        Conditions conditions = new Conditions(conditions(all, Probe.NONE), speaker.of(voice.speaker()), voice.mel());
        Workspace workspace = new Workspace();
        float[] mel = solver.solve(
                noise.first(frames(all.length)),
                conditions,
                (step, input) -> estimator.velocity(input, modulation(step), workspace, Probe.NONE));
        return Arrays.copyOfRange(mel, voice.mel().length, mel.length);
    }

    /**
     * Processes a voice with the flow. Any number of utterances in this voice can start from the result.
     *
     * @throws IllegalArgumentException if a code is not in the codebook or the speaker vector has a different width
     */
    public PromptedFlow prompted(Voice voice, Noise noise) {
        float[] speakerRow = speaker.of(voice.speaker());
        // The voice is a separate chunk (setup_cache); its first codes are used as its look-ahead.
        int[] codes = joined(voice.codes(), Arrays.copyOf(voice.codes(), lookahead()));
        check(codes);
        FlowMemory memory = FlowMemory.start(encoder, estimator, solver.steps());
        solve(new Conditions(conditions(codes, memory.encoder()), speakerRow, voice.mel()), noise, memory);
        return new PromptedFlow(this, speakerRow, voice.frames(), memory);
    }

    /** Allocates a memory of zeros with the dimensions that the memory has after a voice. */
    FlowMemory room(Voice voice) {
        FlowMemory memory = FlowMemory.start(encoder, estimator, solver.steps());
        memory.reserve(voice.codes().length, voice.frames());
        return memory;
    }

    /** Returns the same result as {@link #prompted(Voice, Noise)}, from a memory computed earlier. */
    PromptedFlow prompted(Voice voice, FlowMemory memory) {
        return new PromptedFlow(this, speaker.of(voice.speaker()), voice.frames(), memory);
    }

    /** Computes the mel frames of the next chunk, [frames, melBins]. */
    float[] solve(Conditions chunk, Noise noise, FlowMemory memory) {
        int bins = config.melBins();
        int from = memory.cachedFrames();
        int to = from + chunk.mu().rows();
        float[] start = Arrays.copyOfRange(noise.first(to), from * bins, to * bins);
        Workspace workspace = new Workspace();
        return solver.solve(start, chunk, (step, input) -> {
            FlowMemory.OfStep past = memory.steps().get(step.index());
            return estimator.velocity(input, past.modulation(), past.blocks(), workspace, Probe.NONE);
        });
    }

    private Modulation modulation(FlowSchedule.Step step) {
        return estimator.modulation(step.time(), Probe.NONE);
    }

    /** Encodes all codes of an utterance to mu for each frame, [frames, melBins]. */
    Block conditions(int[] codes, Probe probe) {
        Block hidden = encoder.encodeLast(embedding.of(codes), encoder.start(), probe);
        probe.see("encoder", hidden);
        return encoderOut.of(hidden);
    }

    /** Encodes a chunk, but not the last chunk, to mu for each frame. The last codes are look-ahead. */
    Block conditions(int[] codes, UpsamplingEncoder.Memory memory) {
        return encoderOut.of(encoder.encode(embedding.of(codes), memory, Probe.NONE));
    }

    /** Encodes the last chunk to mu for each frame. */
    Block lastConditions(int[] codes, UpsamplingEncoder.Memory memory) {
        return encoderOut.of(encoder.encodeLast(embedding.of(codes), memory, Probe.NONE));
    }

    private static int[] joined(int[] first, int[] second) {
        int[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
