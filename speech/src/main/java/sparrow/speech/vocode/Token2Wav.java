package sparrow.speech.vocode;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.flow.dit.DitFlow;
import sparrow.speech.flow.dit.DitFlowConfig;
import sparrow.speech.flow.dit.DitFlowSession;
import sparrow.speech.flow.dit.PromptStore;
import sparrow.speech.flow.dit.PromptedFlow;
import sparrow.speech.hift.Hift;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.voice.Voice;
import sparrow.tensor.kernel.Kernels;

/**
 * The synthesizer of Step-Audio-2-mini, which speaks in a given voice: flow and 24 kHz HiFT vocoder (the official class
 * Token2wav).
 *
 * <p>A whole utterance and a streamed one are of the same length and sound a little different. A frame of a whole
 * utterance sees all others; a frame of a streamed one sees those of its own and earlier chunks.
 */
public final class Token2Wav extends FlowSynthesizer {
    /** Codes of a streamed chunk: one second. */
    static final int CHUNK_CODES = 25;

    private final DitFlow flow;
    private final Voice voice;
    private final Optional<PromptStore> store;
    private Prompted prompted;

    /**
     * The flow after the voice.
     *
     * @param noise of the voice's frames, with which the flow was prompted
     */
    private record Prompted(float[] noise, PromptedFlow flow) {}

    private Token2Wav(Arena arena, DitFlow flow, Vocoder vocoder, Voice voice, Optional<PromptStore> store) {
        super(arena, vocoder);
        this.flow = flow;
        this.voice = voice;
        this.store = store;
    }

    /**
     * Loads and packs the weights.
     *
     * @param flow the tensors of flow.pt
     * @param hift the tensors of hift.pt
     * @param voice that all utterances are spoken in
     * @throws sparrow.formats.weights.MissingTensorException if a tensor is missing
     * @throws sparrow.formats.weights.BadFileException if a tensor has another shape than the configuration or the
     *     other tensors ask for
     * @throws IllegalArgumentException if configuration and voice do not fit together
     */
    @SuppressWarnings("exports") // the module that opens checkpoints sees the configurations
    public static Token2Wav load(
            DitFlowConfig flowConfig, Checkpoint flow, Checkpoint hift, Voice voice, Kernels kernels) {
        requireFit(flowConfig, voice);
        return LayerReader.build((arena, staging) -> {
            DitFlow decoder = new DitFlow(new LayerReader(flow, kernels, arena, staging), flowConfig);
            Hift network = Hift.token2wav(new LayerReader(hift, kernels, arena, staging));
            return new Token2Wav(arena, decoder, new Vocoder(network), voice, Optional.empty());
        });
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
        int context = settings.contextCodes(Voice.CODES_PER_SECOND);
        return new Token2Wav(arena(), flow.with(settings.schedule(), context), vocoder(), voice, store);
    }

    /** The same with a flow after the voice, in the noise of seed 0, that is kept for other processes. */
    @SuppressWarnings("exports") // as for load
    public Token2Wav keeping(PromptStore other) {
        return new Token2Wav(arena(), flow, vocoder(), voice, Optional.of(other));
    }

    @Override
    public int vocabulary() {
        return flow.config().vocabulary();
    }

    /** Mel frames for so many codes: 2 for each, which are 960 samples. */
    @Override
    public int frames(int codes) {
        return flow.frames(codes);
    }

    @Override
    public int noiseFrames(int codes) {
        return flow.frames(Math.addExact(voice.codes().length, codes));
    }

    @Override
    public float[] synthesize(int[] codes, Noise noise) {
        float[] mel = mel(codes, noise);
        return mel.length == 0 ? mel : vocode(mel, noise);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The first codes of the first utterance also make the flow encode the voice, which takes as long as to
     * synthesize as much speech. Later utterances with the same first noise (the same seed) skip that. The keys and
     * values that are kept for them take 1.3 MB for each mel frame of the voice at the published sizes.
     */
    @Override
    public SpeechStream stream(Noise noise, Consumer<Stage> entered) {
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

    DitFlow flow() {
        return flow;
    }

    /** A flow that continues the voice with this noise. */
    DitFlowSession startedFlow(Noise noise) {
        return promptedByVoice(flowNoise(noise)).start(flowNoise(noise));
    }

    /** Utterances of the same beginning wait for each other here: the second does not encode the voice again. */
    private synchronized PromptedFlow promptedByVoice(DitFlow.Noise noise) {
        float[] beginning = noise.first(voice.frames());
        if (prompted == null || !Arrays.equals(prompted.noise(), beginning)) {
            prompted = new Prompted(beginning, prompted(beginning, noise));
        }
        return prompted.flow();
    }

    /**
     * A file is kept of the noise that is used without a seed: others come in any number, in studies and benchmarks.
     */
    private PromptedFlow prompted(float[] beginning, DitFlow.Noise noise) {
        boolean isUsual = Arrays.equals(beginning, flowNoise(Noise.seeded(0)).first(voice.frames()));
        if (store.isEmpty() || !isUsual) return flow.prompted(voice, noise);
        return store.get().prompted(flow, voice, noise);
    }

    private DitFlow.Noise flowNoise(Noise noise) {
        return frames -> noise.flow(frames, vocoder().melBins());
    }
}
