package sparrow.speech.vocode;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.function.Consumer;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.weights.Checkpoint;
import sparrow.speech.flow.FlowSettings;
import sparrow.speech.flow.dit.DitFlow;
import sparrow.speech.flow.dit.DitFlowConfig;
import sparrow.speech.flow.dit.DitFlowSession;
import sparrow.speech.flow.dit.FlowNoise;
import sparrow.speech.flow.dit.PromptedFlow;
import sparrow.speech.hift.Hift;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.voice.Voice;

/**
 * Speech codes to a waveform in somebody's voice: flow and 24 kHz HiFT vocoder of Step-Audio-2-mini (the official class
 * Token2wav). Owns the memory of its weights; the checkpoints may be closed once it is loaded. Several utterances may be
 * synthesized at the same time.
 *
 * <p>A whole utterance and a streamed one are of the same length and sound a little different: a frame sees all others
 * there, and here those of its own and earlier chunks.
 */
public final class Token2Wav implements Synthesizer {
    /** Codes of a streamed chunk: one second. */
    static final int CHUNK_CODES = 25;

    private final Arena arena;
    private final DitFlow flow;
    private final Vocoder vocoder;
    private final Voice voice;
    private Prompted prompted;

    /**
     * The flow after the voice.
     *
     * @param noise of the voice's frames, with which the flow was prompted
     */
    private record Prompted(float[] noise, PromptedFlow flow) {}

    private Token2Wav(Arena arena, DitFlow flow, Vocoder vocoder, Voice voice) {
        this.arena = arena;
        this.flow = flow;
        this.vocoder = vocoder;
        this.voice = voice;
    }

    /**
     * Loads and packs the weights.
     *
     * @param flow the tensors of flow.pt
     * @param hift the tensors of hift.pt
     * @param voice that all utterances are spoken in
     * @throws sparrow.engine.weights.MissingTensorException if a tensor is missing
     * @throws sparrow.engine.weights.BadFileException if a tensor has another shape than the configuration or the other
     *     tensors ask for
     * @throws IllegalArgumentException if configuration and voice do not fit together
     */
    @SuppressWarnings("MustBeClosedChecker") // the arena lives as long as the synthesizer; close() ends it
    public static Token2Wav load(
            DitFlowConfig flowConfig, Checkpoint flow, Checkpoint hift, Voice voice, Kernels kernels) {
        requireFit(flowConfig, voice);
        Arena arena = Arena.ofShared();
        try (Arena staging = Arena.ofShared()) {
            DitFlow decoder = new DitFlow(new LayerReader(flow, kernels, arena, staging), flowConfig);
            Hift network = Hift.token2wav(new LayerReader(hift, kernels, arena, staging));
            return new Token2Wav(arena, decoder, new Vocoder(network), voice);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private static void requireFit(DitFlowConfig flow, Voice voice) {
        if (voice.speaker().length != flow.speakerWidth()) {
            throw new IllegalArgumentException(
                    "voice: speaker: expected " + flow.speakerWidth() + " values, got " + voice.speaker().length);
        }
        int largest = Arrays.stream(voice.codes()).max().orElse(0);
        if (largest >= flow.vocabulary()) {
            throw new IllegalArgumentException(
                    "voice: codes: expected 0 to " + (flow.vocabulary() - 1) + ", got " + largest);
        }
    }

    @Override
    public Token2Wav with(FlowSettings settings) {
        return new Token2Wav(arena, flow.with(settings), vocoder, voice);
    }

    @Override
    public int sampleRateHz() {
        return vocoder.sampleRateHz();
    }

    @Override
    public int vocabulary() {
        return flow.config().vocabulary();
    }

    @Override
    public int frames(int codes) {
        return flow.frames(codes);
    }

    @Override
    public int noiseFrames(int codes) {
        return flow.frames(Math.addExact(voice.codes().length, codes));
    }

    /** Samples for so many codes: 960 for each. */
    @Override
    public int samples(int codes) {
        return Math.multiplyExact(frames(codes), vocoder.samplesPerFrame());
    }

    @Override
    public float[] synthesize(int[] codes, Noise noise) {
        float[] mel = mel(codes, noise);
        return mel.length == 0 ? mel : vocoder.speech(mel, noise);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The first codes of the first utterance also make the flow hear the voice, which takes as long as to speak for
     * the time that the voice's recording lasts. Later utterances whose noise begins alike (by the same seed) begin
     * after that; the keys and values that are kept for them are 1.3 MB for each mel frame of the voice at the published
     * sizes.
     */
    @Override
    public Token2WavStream stream(Noise noise) {
        return stream(noise, stage -> {});
    }

    @Override
    public Token2WavStream stream(Noise noise, Consumer<SynthesisStage> entered) {
        return new Token2WavStream(this, noise, entered);
    }

    /** One chunk at a time, as soon as its look-ahead is there. */
    @Override
    public CodeBlocks blocks() {
        return CodeBlocks.of(CHUNK_CODES + flow.lookahead(), CHUNK_CODES);
    }

    @Override
    public float[] mel(int[] codes, Noise noise) {
        return flow.mel(codes, voice, flowNoise(noise));
    }

    @Override
    public float[] vocode(float[] mel, Noise noise) {
        return vocoder.speech(mel, noise);
    }

    @Override
    public float[] vocode(float[] mel, float[] excitation) {
        return vocoder.speech(mel, excitation);
    }

    @Override
    public void close() {
        arena.close();
    }

    DitFlow flow() {
        return flow;
    }

    Vocoder vocoder() {
        return vocoder;
    }

    /** A flow that continues the voice with this noise. */
    DitFlowSession startedFlow(Noise noise) {
        return promptedByVoice(flowNoise(noise)).start(flowNoise(noise));
    }

    /** Utterances of the same beginning wait for each other here: the second does not encode the voice again. */
    private synchronized PromptedFlow promptedByVoice(FlowNoise noise) {
        float[] beginning = noise.first(voice.frames());
        if (prompted == null || !Arrays.equals(prompted.noise(), beginning)) {
            prompted = new Prompted(beginning, flow.prompted(voice, noise));
        }
        return prompted.flow();
    }

    private FlowNoise flowNoise(Noise noise) {
        return frames -> noise.flow(frames, vocoder.melBins());
    }
}
