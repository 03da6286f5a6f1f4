package sparrow.speech.hift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.formats.BadFileException;
import sparrow.speech.layers.Convolution;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Probe;
import sparrow.speech.layers.Upsampling;
import sparrow.speech.layers.Workspace;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/**
 * The HiFT vocoder, which converts mel frames to samples. A pitch predictor controls a harmonic source. A network
 * upsamples the mel frames, adds the spectrum of the source at every stage, and outputs a spectrum whose inverse STFT
 * is the speech.
 */
public final class Hift {
    /** Maximum magnitude of the output spectrum, as in the reference. */
    private static final double MAX_MAGNITUDE = 100;

    private final Kernels kernels;
    private final HiftConfig config;
    private final PitchPredictor pitch;
    private final HarmonicSource source;
    private final ShortTimeFourier fourier;
    private final Convolution first;
    private final List<Stage> stages;
    private final Convolution last;

    private record Stage(
            Upsampling upsampling, Convolution sourceDown, SnakeBlock sourceBlock, List<SnakeBlock> blocks) {}

    public Hift(LayerReader reader, HiftConfig config) {
        this.kernels = reader.kernels();
        this.config = config;
        this.pitch = PitchPredictor.load(reader, config);
        this.source = HarmonicSource.load(reader, config);
        this.fourier = ShortTimeFourier.create(reader, config.fft(), config.hop());
        this.first = reader.normedConvolution("conv_pre", config.channels(), config.melBins(), 7, 1);
        List<Stage> stages = new ArrayList<>();
        for (int i = 0; i < config.rates().size(); i++) stages.add(stage(reader, config, i));
        this.stages = List.copyOf(stages);
        int channels = config.channels() >> stages.size();
        this.last = reader.normedConvolution("conv_post", 2 * config.bins(), channels, 7, 1);
    }

    /**
     * Reads the vocoder of Step-Audio-2-mini's token2wav. The vocoder's file has no configuration, so the two
     * dimensions for {@link HiftConfig#token2wav} are read from tensor shapes. Tensor names may begin with
     * {@code generator.}.
     *
     * @throws sparrow.formats.weights.MissingTensorException if a tensor is missing
     * @throws BadFileException if the tensor shapes do not agree
     */
    public static Hift token2wav(LayerReader reader) {
        LayerReader generator = reader.within("generator.");
        int channels = generator.normedChannels("conv_pre");
        int f0Channels = generator.normedChannels("f0_predictor.condnet.0");
        if (channels % 8 != 0) {
            throw new BadFileException(
                    reader.checkpoint().source(),
                    "conv_pre",
                    "expected channels that can be halved three times, found " + channels);
        }
        return new Hift(generator, HiftConfig.token2wav(channels, f0Channels));
    }

    private static Stage stage(LayerReader reader, HiftConfig config, int i) {
        int channels = config.channels() >> (i + 1);
        int later = config.rates().stream().skip(i + 1).reduce(1, Math::multiplyExact);
        Convolution sourceDown = later == 1
                ? reader.convolution("source_downs." + i, channels, 2 * config.bins(), 1)
                : reader.convolution("source_downs." + i, channels, 2 * config.bins(), 2 * later, later, later / 2);
        List<SnakeBlock> blocks = new ArrayList<>();
        for (int j = 0; j < config.blocks().size(); j++) {
            String name = "resblocks." + (i * config.blocks().size() + j);
            blocks.add(SnakeBlock.load(reader, name, channels, config.blocks().get(j)));
        }
        return new Stage(
                reader.normedUpsampling(
                        "ups." + i,
                        2 * channels,
                        channels,
                        config.kernels().get(i),
                        config.rates().get(i)),
                sourceDown,
                SnakeBlock.load(
                        reader,
                        "source_resblocks." + i,
                        channels,
                        config.sourceBlocks().get(i)),
                List.copyOf(blocks));
    }

    public HiftConfig config() {
        return config;
    }

    /** Returns the excitation generator. */
    public HarmonicSource source() {
        return source;
    }

    /** Returns the transform between excitation and spectrum. */
    public ShortTimeFourier fourier() {
        return fourier;
    }

    /** Returns the thread pool used for computation. */
    public ComputePool pool() {
        return kernels.pool();
    }

    /** Predicts f0 [frames] in Hz from mel [frames, melBins]. */
    public float[] f0(Block mel) {
        return pitch.f0(mel);
    }

    /**
     * Computes the samples for mel frames and their excitation.
     *
     * @param mel mel frames, [frames, melBins]
     * @param excitation excitation, [frames * samplesPerFrame]
     * @return samples within the configured limit, [frames * samplesPerFrame]
     */
    public float[] speech(Block mel, float[] excitation, Probe probe) {
        Block spectrum = fourier.spectrum(excitation);
        probe.see("source_stft", spectrum);
        Workspace workspace = new Workspace();
        Block x = first.of(mel, workspace);
        probe.see("conv_pre", x);
        for (int i = 0; i < stages.size(); i++) x = stage(i, x, spectrum, workspace, probe);
        kernels.apply(Activation.LEAKY_RELU_0_01, x);
        x = last.of(x, workspace);
        probe.see("conv_post", x);
        toSpectrum(x);
        float[] speech = fourier.signal(x);
        for (int s = 0; s < speech.length; s++) speech[s] = Math.clamp(speech[s], -config.limit(), config.limit());
        return speech;
    }

    private Block stage(int i, Block in, Block spectrum, Workspace workspace, Probe probe) {
        Stage stage = stages.get(i);
        kernels.apply(Activation.LEAKY_RELU_0_1, in);
        Block x = stage.upsampling().of(in, workspace);
        workspace.release(in);
        probe.see("up_" + i, x);
        if (i == stages.size() - 1) x = reflectedLeft(x, workspace);
        Block down = stage.sourceDown().of(spectrum, workspace);
        probe.see("source_down_" + i, down);
        Block s = stage.sourceBlock().of(down, workspace);
        workspace.release(down);
        probe.see("source_resblock_" + i, s);
        kernels.addScaled(1, s, x);
        Block mean = s;
        Arrays.fill(mean.data(), 0);
        for (int j = 0; j < stage.blocks().size(); j++) {
            Block y = stage.blocks().get(j).of(x, workspace);
            probe.see("resblock_" + (i * stage.blocks().size() + j), y);
            kernels.addScaled(1f / stage.blocks().size(), y, mean);
            workspace.release(y);
        }
        workspace.release(x);
        return mean;
    }

    /** Prepends a copy of the second row (reflection) because the spectrum has one frame more than there are hops. */
    private static Block reflectedLeft(Block x, Workspace workspace) {
        Block y = workspace.take(x.rows() + 1, x.columns());
        System.arraycopy(x.data(), 0, y.data(), x.columns(), x.data().length);
        System.arraycopy(x.data(), x.columns(), y.data(), 0, x.columns());
        workspace.release(x);
        return y;
    }

    /** Converts log magnitudes and "phases", whose sines are the angles, to real and imaginary parts in place. */
    private void toSpectrum(Block x) {
        int bins = config.bins();
        int framesPerPiece = 64;
        kernels.pool().forEach(Math.ceilDiv(x.rows(), framesPerPiece), piece -> {
            int end = Math.min(x.rows(), (piece + 1) * framesPerPiece);
            for (int f = piece * framesPerPiece; f < end; f++) toSpectrum(x.data(), f * x.columns(), bins);
        });
    }

    private static void toSpectrum(float[] x, int at, int bins) {
        for (int k = 0; k < bins; k++) {
            double magnitude = Math.min(Math.exp(x[at + k]), MAX_MAGNITUDE);
            double angle = Math.sin(x[at + bins + k]);
            x[at + k] = (float) (magnitude * Math.cos(angle));
            x[at + bins + k] = (float) (magnitude * Math.sin(angle));
        }
    }

    /**
     * Predicts the fundamental frequency from mel frames (ConvRNNF0Predictor, which is not recurrent despite its name).
     */
    private record PitchPredictor(List<Convolution> convolutions, Linear classifier) {
        private static final int LAYERS = 5;

        static PitchPredictor load(LayerReader reader, HiftConfig config) {
            List<Convolution> convolutions = new ArrayList<>();
            for (int i = 0; i < LAYERS; i++) {
                int in = i == 0 ? config.melBins() : config.f0Channels();
                convolutions.add(
                        reader.normedConvolution("f0_predictor.condnet." + 2 * i, config.f0Channels(), in, 3, 1));
            }
            Linear classifier = reader.linear("f0_predictor.classifier", 1, config.f0Channels());
            return new PitchPredictor(List.copyOf(convolutions), classifier);
        }

        /** Predicts f0 [frames] in Hz from mel [frames, melBins]. */
        float[] f0(Block mel) {
            Block h = mel;
            for (Convolution convolution : convolutions) {
                h = convolution.of(h);
                classifier.kernels().apply(Activation.ELU, h);
            }
            float[] f0 = classifier.of(h).data();
            for (int t = 0; t < f0.length; t++) f0[t] = Math.abs(f0[t]);
            return f0;
        }
    }
}
