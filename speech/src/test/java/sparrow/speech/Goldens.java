package sparrow.speech;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.TorchZip;
import sparrow.speech.fastconformer.FastConformerConfig;
import sparrow.speech.flow.dit.DitFlowConfig;
import sparrow.speech.flow.unet.FlowConfig;
import sparrow.speech.hift.HiftConfig;
import sparrow.speech.hift.PhaseRule;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.lfm.LfmConfig;
import sparrow.speech.lfm.LfmConfig.Mixing;
import sparrow.speech.vocode.GlmVocoder;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** The recorded models and values that the tests compare with, and how they compare. */
public final class Goldens {
    public static final Path DATA = Path.of(System.getProperty("sparrow.testdata"));
    public static final Kernels KERNELS = Kernels.create(ComputePool.ofMachine());

    /** Sizes of testdata/glm-4-voice/decoder: random weights, the released shape in small. */
    public static final FlowConfig RANDOM_FLOW = new FlowConfig(
            64,
            80,
            192,
            12.5,
            new FlowConfig.Encoder(48, 4, 96, 2, 10),
            4,
            0.7f,
            10,
            new FlowConfig.Estimator(List.of(24, 24), 2, 16, 2, 2));

    public static final HiftConfig RANDOM_HIFT = new HiftConfig(
            80,
            32,
            24,
            22050,
            new HiftConfig.Source(8, 0.1f, 0.003f, 10, PhaseRule.SAMPLE_BY_SAMPLE),
            List.of(8, 8),
            List.of(16, 16),
            16,
            4,
            List.of(residual(3, 1, 3, 5), residual(7, 1, 3, 5), residual(11, 1, 3, 5)),
            List.of(residual(7, 1, 3, 5), residual(11, 1, 3, 5)),
            0.99f);

    /** Sizes of testdata/step-audio-2-mini/ckpt/token2wav: random weights, the released shape in small. */
    public static final DitFlowConfig STEP_FLOW = new DitFlowConfig(
            81,
            80,
            24,
            new DitFlowConfig.Encoder(32, 4, 48, 2, 2, 2, 3),
            0.7f,
            10,
            new DitFlowConfig.Estimator(32, 3, 2, 16, 128));

    /** Sizes of testdata/lfm2-audio/a. */
    public static final FastConformerConfig LFM_ENCODER = new FastConformerConfig(128, 32, 2, 2, 8, 128, 9, 64);

    /** Sizes of testdata/lfm2-audio/a/audio_detokenizer. */
    public static final LfmConfig LFM_DETOKENIZER = new LfmConfig(
            64,
            4,
            2,
            3,
            30,
            List.of(Mixing.CONVOLUTION, Mixing.ATTENTION, Mixing.CONVOLUTION, Mixing.ATTENTION, Mixing.ATTENTION),
            1e6,
            1e-5f);

    /** Sizes of the bundled model. */
    public static final FlowConfig TINY_FLOW = new FlowConfig(
            512,
            80,
            192,
            12.5,
            new FlowConfig.Encoder(128, 4, 256, 3, 10),
            4,
            0.7f,
            10,
            new FlowConfig.Estimator(List.of(96, 96), 2, 48, 1, 2));

    public static final HiftConfig TINY_HIFT = new HiftConfig(
            80,
            96,
            96,
            22050,
            new HiftConfig.Source(8, 0.1f, 0.003f, 10, PhaseRule.SAMPLE_BY_SAMPLE),
            List.of(8, 8),
            List.of(16, 16),
            16,
            4,
            List.of(residual(3, 1, 3), residual(7, 1, 3)),
            List.of(residual(7, 1, 3), residual(7, 1, 3)),
            0.99f);

    private Goldens() {}

    private static HiftConfig.Residual residual(int kernel, Integer... dilations) {
        return new HiftConfig.Residual(kernel, List.of(dilations));
    }

    /** A file of recorded values, below testdata. */
    public static Checkpoint open(String file) {
        return safetensors(DATA.resolve(file));
    }

    public static Checkpoint randomPart(String part) {
        return torch("glm-4-voice/decoder/" + part + ".pt");
    }

    /** A part of Step-Audio-2's token2wav. */
    public static Checkpoint stepPart(String part) {
        return torch("step-audio-2-mini/ckpt/token2wav/" + part + ".pt");
    }

    private static Checkpoint torch(String file) {
        try {
            return TorchZip.open(DATA.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Checkpoint tinyPart(String part) {
        Path tiny = DATA.resolve("../bundled/src/main/resources/META-INF/sparrow/tiny");
        return safetensors(tiny.resolve("decoder/" + part + ".safetensors"));
    }

    private static Checkpoint safetensors(Path file) {
        try {
            return Safetensors.open(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static GlmVocoder randomModel() {
        try (Checkpoint flow = randomPart("flow");
                Checkpoint hift = randomPart("hift")) {
            return GlmVocoder.load(RANDOM_FLOW, flow, RANDOM_HIFT, hift, KERNELS);
        }
    }

    public static GlmVocoder tinyModel() {
        try (Checkpoint flow = tinyPart("flow");
                Checkpoint hift = tinyPart("hift")) {
            return GlmVocoder.load(TINY_FLOW, flow, TINY_HIFT, hift, KERNELS);
        }
    }

    /** A reader of the layers of a checkpoint, into memory that the garbage collector frees. */
    public static LayerReader reader(Checkpoint checkpoint) {
        return new LayerReader(checkpoint, KERNELS, Arena.ofAuto(), Arena.ofAuto());
    }

    /** A recorded tensor as it is. */
    public static float[] values(Checkpoint golden, String name) {
        return golden.tensor(name).toFloats();
    }

    /** A tensor recorded channel first, [channels, time] or [1, channels, time], turned to [time, channels]. */
    public static float[] timeFirst(Checkpoint golden, String name) {
        List<Integer> shape = golden.tensor(name).shape();
        return transposed(values(golden, name), shape.get(shape.size() - 2), shape.getLast());
    }

    public static float[] transposed(float[] x, int rows, int columns) {
        float[] y = new float[x.length];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) y[c * rows + r] = x[r * columns + c];
        }
        return y;
    }

    public static float[] copy(Block x) {
        float[] values = new float[x.rows() * x.columns()];
        for (int r = 0; r < x.rows(); r++) {
            System.arraycopy(x.data(), x.offset() + r * x.stride(), values, r * x.columns(), x.columns());
        }
        return values;
    }

    /** Signal-to-error ratio in dB. */
    public static double signalToError(float[] actual, float[] expected) {
        double signal = 0;
        double error = 0;
        for (int i = 0; i < expected.length; i++) {
            signal += (double) expected[i] * expected[i];
            error += ((double) actual[i] - expected[i]) * ((double) actual[i] - expected[i]);
        }
        return 10 * Math.log10(signal / error);
    }

    /**
     * A checkpoint whose matrices are rounded to a type.
     *
     * @param widened whether the rounded numbers are stored as f32 again
     */
    public record Rounded(Checkpoint original, DType type, boolean widened, Arena arena) implements Checkpoint {
        @Override
        public Path source() {
            return original.source();
        }

        @Override
        public Set<String> names() {
            return original.names();
        }

        @Override
        public Tensor tensor(String name) {
            Tensor tensor = original.tensor(name);
            boolean matrix = tensor.shape().size() == 2 && tensor.shape().getLast() % type.blockElements() == 0;
            if (!matrix || !tensor.dtype().isFloating()) return tensor;
            Tensor rounded = stored(tensor.toFloats(), type, tensor.shape());
            return widened ? stored(rounded.toFloats(), DType.F32, tensor.shape()) : rounded;
        }

        private Tensor stored(float[] values, DType as, List<Integer> shape) {
            MemorySegment memory = arena.allocate(as.bytes(values.length), 64);
            as.store(values, memory);
            return new Tensor(memory, as, shape);
        }

        @Override
        public void close() {
            original.close();
        }
    }
}
