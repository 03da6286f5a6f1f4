package sparrow.speech.vocode;

import java.lang.foreign.Arena;
import java.util.function.Consumer;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.flow.unet.FlowConfig;
import sparrow.speech.flow.unet.FlowDecoder;
import sparrow.speech.hift.Hift;
import sparrow.speech.hift.HiftConfig;
import sparrow.speech.layers.LayerReader;
import sparrow.tensor.kernel.Kernels;

/** The GLM-4-Voice family's synthesizer: a flow decoder and a HiFT vocoder with a single voice. */
public final class GlmVocoder extends FlowSynthesizer {
    private final FlowDecoder flow;
    private final FlowSettings settings;

    private GlmVocoder(Arena arena, FlowDecoder flow, Vocoder vocoder, FlowSettings settings) {
        super(arena, vocoder);
        this.flow = flow;
        this.settings = settings;
    }

    /**
     * Loads and packs the weights.
     *
     * @throws sparrow.formats.weights.MissingTensorException if a tensor is missing
     * @throws sparrow.formats.BadFileException if a tensor's shape does not agree with the configuration
     * @throws IllegalArgumentException if the two configurations do not agree
     */
    @SuppressWarnings("exports") // configurations are visible to the module that opens checkpoints
    public static GlmVocoder load(
            FlowConfig flowConfig, Checkpoint flow, HiftConfig hiftConfig, Checkpoint hift, Kernels kernels) {
        if (flowConfig.melBins() != hiftConfig.melBins()) {
            throw new IllegalArgumentException("hift.in_channels: expected flow.output_size " + flowConfig.melBins()
                    + ", got " + hiftConfig.melBins());
        }
        return LayerReader.build((arena, staging) -> {
            FlowDecoder decoder = new FlowDecoder(new LayerReader(flow, kernels, arena, staging), flowConfig);
            Hift network = new Hift(new LayerReader(hift, kernels, arena, staging), hiftConfig);
            return new GlmVocoder(arena, decoder, new Vocoder(network), FlowSettings.PUBLISHED);
        });
    }

    @Override
    public GlmVocoder with(FlowSettings other) {
        return new GlmVocoder(arena(), flow, vocoder(), other);
    }

    @Override
    public int vocabulary() {
        return flow.config().vocabulary();
    }

    /** Returns the number of mel frames for the given number of codes: floor(441 n / 64) for GLM-4-Voice. */
    @Override
    public int frames(int codes) {
        double samples = (double) codes * sampleRateHz();
        return (int) (samples / (flow.config().codesPerSecond() * vocoder().samplesPerFrame()));
    }

    @Override
    public float[] synthesize(int[] codes, Noise noise) {
        return stream(noise).accept(codes, true);
    }

    @Override
    public SpeechStream stream(Noise noise, Consumer<Stage> entered) {
        return new AudioDecoderStream(this, noise, AudioDecoderStream.Joints.SEAMLESS, entered);
    }

    @Override
    public CodeBlocks blocks() {
        return CodeBlocks.published();
    }

    @Override
    public float[] mel(int[] codes, Noise noise) {
        return mel(
                codes, new float[0], noise.flow(frames(codes.length), vocoder().melBins()));
    }

    /**
     * Computes the mel frames after the given frames. The speaker vector consists of zeros, as in GLM-4-Voice, which
     * has only one voice.
     */
    float[] mel(int[] codes, float[] given, float[] noise) {
        return flow.mel(codes, given, new float[flow.config().speakerWidth()], noise, settings.schedule());
    }

    /** Returns the minimum number of earlier codes that the flow processes with a block. */
    int contextCodes() {
        return settings.contextCodes(flow.config().codesPerSecond());
    }

    /** Returns the block size of the flow's encoder in codes. */
    int encoderBlock() {
        return flow.config().encoder().blockCodes();
    }

    FlowDecoder flow() {
        return flow;
    }
}
