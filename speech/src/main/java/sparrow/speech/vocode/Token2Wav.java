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
 * The synthesizer of Step-Audio-2-mini, which speaks in a given voice. It consists of a flow and a 24 kHz HiFT vocoder
 * (the official class Token2wav).
 *
 * <p>Synthesizing an utterance at once or streaming it produces the same number of samples, but the speech is slightly
 * different. A frame attends to all other frames when the utterance is synthesized at once, and to the frames in its
 * own and earlier chunks when it is streamed.
 */
public final class Token2Wav extends FlowSynthesizer {
    /** Number of codes in a streamed chunk, which is one second of speech. */
    static final int CHUNK_CODES = 25;

    private final DitFlow flow;
    private final Voice voice;
    private final Optional<PromptStore> store;
    private Prompted prompted;

    /**
     * A flow that has processed the voice.
     *
     * @param noise noise that the flow used for the frames of the voice
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
     * @param flow tensors in {@code flow.pt}
     * @param hift tensors in {@code hift.pt}
     * @param voice voice for all utterances
     * @throws sparrow.formats.weights.MissingTensorException if a tensor is missing
     * @throws sparrow.formats.BadFileException if a tensor's shape does not agree with the configuration or the
     *     other tensors
     * @throws IllegalArgumentException if configuration and voice do not agree
     */
    @SuppressWarnings("exports") // configurations are visible to the module that opens checkpoints
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

    /**
     * Returns a copy that stores the prompted flow for the noise of seed 0 on disk, where other processes can read it.
     */
    @SuppressWarnings("exports") // as for load
    public Token2Wav withStore(PromptStore other) {
        return new Token2Wav(arena(), flow, vocoder(), voice, Optional.of(other));
    }

    @Override
    public int vocabulary() {
        return flow.config().vocabulary();
    }

    /** Returns the number of mel frames for the given number of codes: 2 per code, or 960 samples. */
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
     * <p>On the first call for the first utterance, the flow also encodes the voice. This step takes as long as
     * synthesizing speech of the same length. Later utterances with the same initial noise (the same seed) use the
     * stored keys and values, which take 1.3 MB per mel frame of the voice at the published sizes.
     */
    @Override
    public SpeechStream stream(Noise noise, Consumer<Stage> entered) {
        return new Token2WavStream(this, noise, entered);
    }

    /** Returns blocks of one chunk each. The first block also contains its look-ahead. */
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

    /** Starts a flow that continues the voice with the given noise. */
    DitFlowSession startedFlow(Noise noise) {
        return promptedByVoice(flowNoise(noise)).start(flowNoise(noise));
    }

    /**
     * Returns the flow after it has processed the voice. The method is synchronized so that concurrent utterances do
     * not encode the same voice twice.
     */
    private synchronized PromptedFlow promptedByVoice(DitFlow.Noise noise) {
        float[] beginning = noise.first(voice.frames());
        if (prompted == null || !Arrays.equals(prompted.noise(), beginning)) {
            prompted = new Prompted(beginning, prompted(beginning, noise));
        }
        return prompted.flow();
    }

    /**
     * Returns a prompted flow. The store is used only for the default seed's noise, because studies and benchmarks use
     * any number of seeds.
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
