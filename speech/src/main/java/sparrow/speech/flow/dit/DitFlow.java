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
 * Codes to mel frames in the voice of a prompt, by conditional flow matching (CosyVoice 2's CausalMaskedDiffWithXvec, as
 * Step-Audio-2 runs it): encode the codes, stretched to frames, and carry noise along the estimated velocity with
 * classifier-free guidance. The frames go on after those of the voice, which are given.
 *
 * <p>A whole utterance ({@link #mel}) and one that arrives in chunks ({@link #prompted}) give different frames. A frame of
 * a whole utterance sees all others; a frame of a chunk sees those of its own and earlier chunks, so that the cuts matter.
 */
public final class DitFlow {
    /** Starting points of the flow. */
    @FunctionalInterface
    public interface Noise {
        /** Standard normal numbers of the first frames, [frames, melBins]; those of a frame are the same at every call. */
        float[] first(int frames);
    }

    /** More codes than an utterance can have; the number of their frames is still an int. */
    private static final int MOST_CODES = Integer.MAX_VALUE / 16;

    private final DitFlowConfig config;
    private final CodeEmbedding embedding;
    private final SpeakerProjection speaker;
    private final UpsamplingEncoder encoder;
    private final Linear encoderOut;
    private final DitEstimator estimator;
    private final OdeSolver solver;

    /** Codes that the encoder remembers between chunks, those of the voice among them. */
    private final int contextCodes;

    /**
     * Reads and packs the weights.
     *
     * @throws sparrow.formats.weights.MissingTensorException if a tensor is missing
     * @throws sparrow.formats.weights.BadFileException if a tensor has another shape than the configuration asks for
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
        this.contextCodes = MOST_CODES;
    }

    private DitFlow(DitFlow weights, FlowSchedule schedule, int contextCodes) {
        this.config = weights.config;
        this.embedding = weights.embedding;
        this.speaker = weights.speaker;
        this.encoder = weights.encoder;
        this.encoderOut = weights.encoderOut;
        this.estimator = weights.estimator;
        this.solver = solver(schedule);
        this.contextCodes = Math.min(MOST_CODES, contextCodes);
    }

    private OdeSolver solver(FlowSchedule schedule) {
        return new OdeSolver(encoderOut.kernels(), schedule, config.steps(), config.guidance());
    }

    /**
     * A flow of the same weights under other settings.
     *
     * @param schedule of the steps from noise to mel frames
     * @param contextCodes codes that the encoder remembers between chunks
     */
    public DitFlow with(FlowSchedule schedule, int contextCodes) {
        return new DitFlow(this, schedule, contextCodes);
    }

    public DitFlowConfig config() {
        return config;
    }

    /** Codes that a chunk must know ahead of those that it turns into frames. */
    public int lookahead() {
        return config.encoder().lookahead();
    }

    /** Mel frames of so many codes. */
    public int frames(int codes) {
        return Math.multiplyExact(codes, config.encoder().framesPerCode());
    }

    /**
     * Checks codes before anything is done with them.
     *
     * @throws IllegalArgumentException if one is not in the codebook
     */
    public void check(int[] codes) {
        embedding.check(codes);
    }

    SpeakerProjection speaker() {
        return speaker;
    }

    /** The sizes and the solver in words: with the weights all that a flow is. */
    String identity() {
        return config + " " + solver.steps();
    }

    /** Makes an utterance forget the codes before its context. */
    void forget(FlowMemory memory) {
        memory.encoder().keepNewest(contextCodes, config.encoder().framesPerCode());
    }

    Kernels kernels() {
        return encoderOut.kernels();
    }

    DitEstimator estimator() {
        return estimator;
    }

    /**
     * A whole utterance.
     *
     * @param codes of the utterance
     * @return natural logarithms of magnitudes, [frames(codes), melBins]
     * @throws IllegalArgumentException if a code is not in the codebook or the speaker vector has another width
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
     * Runs a voice through the flow, so that any number of utterances in it can begin after it.
     *
     * @throws IllegalArgumentException if a code is not in the codebook or the speaker vector has another width
     */
    public PromptedFlow prompted(Voice voice, Noise noise) {
        float[] speakerRow = speaker.of(voice.speaker());
        // The voice is a chunk of its own (setup_cache); its first codes, once more, are its look-ahead.
        int[] codes = joined(voice.codes(), Arrays.copyOf(voice.codes(), lookahead()));
        check(codes);
        FlowMemory memory = FlowMemory.start(encoder, estimator, solver.steps());
        solve(new Conditions(conditions(codes, memory.encoder()), speakerRow, voice.mel()), noise, memory);
        return new PromptedFlow(this, speakerRow, voice.frames(), memory);
    }

    /** The memory after a voice, of zeros: room for one that is known. */
    FlowMemory room(Voice voice) {
        FlowMemory memory = FlowMemory.start(encoder, estimator, solver.steps());
        memory.reserve(voice.codes().length, voice.frames());
        return memory;
    }

    /** As {@link #prompted(Voice, Noise)}, of a memory that is known. */
    PromptedFlow prompted(Voice voice, FlowMemory memory) {
        return new PromptedFlow(this, speaker.of(voice.speaker()), voice.frames(), memory);
    }

    /** The mel frames of the next chunk, [frames, melBins]. */
    float[] solve(Conditions chunk, Noise noise, FlowMemory memory) {
        int bins = config.melBins();
        int from = memory.keptFrames();
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

    /** All codes of an utterance encoded at each frame, [frames, melBins]: the estimator's mu. */
    Block conditions(int[] codes, Probe probe) {
        Block hidden = encoder.encodeLast(embedding.of(codes), encoder.start(), probe);
        probe.see("encoder", hidden);
        return encoderOut.of(hidden);
    }

    /** The same for a chunk that others follow; its last codes are only looked ahead to. */
    Block conditions(int[] codes, UpsamplingEncoder.Memory memory) {
        return encoderOut.of(encoder.encode(embedding.of(codes), memory, Probe.NONE));
    }

    /** The same for the last chunk. */
    Block lastConditions(int[] codes, UpsamplingEncoder.Memory memory) {
        return encoderOut.of(encoder.encodeLast(embedding.of(codes), memory, Probe.NONE));
    }

    private static int[] joined(int[] first, int[] second) {
        int[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
