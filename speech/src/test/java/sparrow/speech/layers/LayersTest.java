package sparrow.speech.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static sparrow.speech.Closeness.assertThatValues;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.MissingTensorException;
import sparrow.speech.Goldens;
import sparrow.speech.hift.ShortTimeFourier;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.Block;

/** Convolutions, upsampling, weight norm and STFT against their definitions, term by term. */
class LayersTest {
    private static final int IN = 5;
    private static final int OUT = 3;

    /** Two orders of summation of at most 60 products of numbers below 5: far below this. */
    private static final double TOLERANCE = 1e-4;

    private final SplittableRandom random = new SplittableRandom(77);

    /** Tensors in memory. */
    record Given(Map<String, Tensor> tensors) implements Checkpoint {
        @Override
        public Path source() {
            return Path.of("memory");
        }

        @Override
        public Set<String> names() {
            return tensors.keySet();
        }

        @Override
        public Tensor tensor(String name) {
            if (!has(name)) throw new MissingTensorException(source(), name);
            return tensors.get(name);
        }

        @Override
        public void close() {}
    }

    @ParameterizedTest(name = "kernel {0}, stride {1}, padding {2}, {3} rows")
    @CsvSource({"3,1,1,7", "1,1,0,4", "3,2,1,8", "3,2,1,9", "16,8,4,65", "7,1,3,2", "7,1,3,1"})
    void convolutionIsTheSumOverItsTaps(int kernel, int stride, int padding, int rows) {
        float[] weights = normal(OUT * IN * kernel);
        float[] bias = normal(OUT);
        float[] x = normal(rows * IN);

        try (Arena arena = Arena.ofShared()) {
            LayerReader reader = reader(arena, Map.of("c.weight", weights, "c.bias", bias), OUT, IN, kernel);
            Block y = reader.convolution("c", OUT, IN, kernel, stride, padding).of(Block.of(x, rows, IN));

            assertThat(y.rows()).isEqualTo((rows + 2 * padding - kernel) / stride + 1);
            assertThatValues(y.data())
                    .areWithin(TOLERANCE, convolved(x, rows, weights, bias, kernel, stride, 1, padding));
        }
    }

    @ParameterizedTest(name = "kernel {0}, {1} rows, in chunks of {2}")
    @CsvSource({"3,7,7", "3,7,1", "3,8,3", "5,9,2", "1,4,2"})
    void causalConvolutionSeesNoLaterRowAndIsTheSameInChunks(int kernel, int rows, int chunk) {
        float[] weights = normal(OUT * IN * kernel);
        float[] bias = normal(OUT);
        float[] first = normal(rows * IN);
        float[] second = normal(rows * IN);

        try (Arena arena = Arena.ofShared()) {
            LayerReader reader = reader(arena, Map.of("c.weight", weights, "c.bias", bias), OUT, IN, kernel);
            CausalConvolution convolution = reader.causalConvolution("c", OUT, IN, kernel);
            FrameTail tail = convolution.start(2);
            Batch y = Batch.zeros(2, 0, OUT);
            for (int from = 0; from < rows; from += chunk) {
                int to = Math.min(rows, from + chunk);
                Batch x = new Batch(Arrays.copyOfRange(first, from * IN, to * IN), 1, to - from, IN);
                Batch beside = new Batch(Arrays.copyOfRange(second, from * IN, to * IN), 1, to - from, IN);
                y = y.then(convolution.of(new Batch(x.then(beside).data(), 2, to - from, IN), tail));
            }

            for (int s = 0; s < 2; s++) {
                // The zeros on the left are the padding; its twin on the right gives rows that are not there here.
                float[] padded = convolved(s == 0 ? first : second, rows, weights, bias, kernel, 1, 1, kernel - 1);
                assertThatValues(Goldens.copy(y.sequence(s))).areWithin(TOLERANCE, Arrays.copyOf(padded, rows * OUT));
            }
        }
    }

    @ParameterizedTest(name = "kernel {0}, dilation {1}, {2} rows")
    @CsvSource({"3,1,9", "3,3,20", "3,5,4", "7,3,31", "11,5,1", "11,5,64"})
    void dilatedNormedConvolutionIsTheSumOverItsTaps(int kernel, int dilation, int rows) {
        float[] direction = normal(OUT * IN * kernel);
        float[] lengths = normal(OUT);
        float[] bias = normal(OUT);
        float[] x = normal(rows * IN);

        try (Arena arena = Arena.ofShared()) {
            LayerReader reader = reader(
                    arena, Map.of("c.weight_v", direction, "c.weight_g", lengths, "c.bias", bias), OUT, IN, kernel);
            Block y = reader.normedConvolution("c", OUT, IN, kernel, dilation).of(Block.of(x, rows, IN));

            float[] weights = WeightNorm.fold(direction, lengths);
            int padding = dilation * (kernel - 1) / 2;
            assertThatValues(y.data())
                    .areWithin(TOLERANCE, convolved(x, rows, weights, bias, kernel, 1, dilation, padding));
        }
    }

    @ParameterizedTest(name = "kernel {0}, stride {1}, {2} rows")
    @CsvSource({"4,2,5", "16,8,6", "16,8,1", "11,5,7", "7,3,4", "8,8,3", "20,4,9"})
    void upsamplingIsTheTransposedConvolution(int kernel, int stride, int rows) {
        float[] weights = normal(IN * OUT * kernel);
        float[] bias = normal(OUT);
        float[] x = normal(rows * IN);

        try (Arena arena = Arena.ofShared()) {
            LayerReader reader = reader(arena, Map.of("u.weight", weights, "u.bias", bias), IN, OUT, kernel);
            Block y = reader.upsampling("u", IN, OUT, kernel, stride).of(Block.of(x, rows, IN));

            float[] expected = new float[rows * stride * OUT];
            for (int i = 0; i < expected.length; i++) expected[i] = bias[i % OUT];
            for (int r = 0; r < rows; r++) {
                for (int k = 0; k < kernel; k++) {
                    int to = r * stride - (kernel - stride) / 2 + k;
                    for (int o = 0; o < OUT && to >= 0 && to < rows * stride; o++) {
                        for (int i = 0; i < IN; i++) {
                            expected[to * OUT + o] += x[r * IN + i] * weights[(i * OUT + o) * kernel + k];
                        }
                    }
                }
            }
            assertThat(y.rows()).isEqualTo(rows * stride);
            assertThatValues(y.data()).areWithin(TOLERANCE, expected);
        }
    }

    @Test
    void foldedWeightsHaveTheGivenLengthsAndTheirOldDirections() {
        float[] direction = normal(4 * 21);
        float[] lengths = {2, 0.5f, -3, 0};

        float[] folded = WeightNorm.fold(direction, lengths);

        for (int s = 0; s < 4; s++) {
            double squares = 0;
            for (int i = 0; i < 21; i++) squares += folded[s * 21 + i] * folded[s * 21 + i];
            assertThat(Math.sqrt(squares)).isCloseTo(Math.abs(lengths[s]), within(1e-6));
            double ratio = folded[s * 21] / direction[s * 21];
            for (int i = 0; i < 21; i++) {
                assertThat((double) folded[s * 21 + i]).isCloseTo(ratio * direction[s * 21 + i], within(1e-6));
            }
        }
    }

    @ParameterizedTest(name = "{0} samples")
    @ValueSource(ints = {12, 256, 1024})
    void inverseStftUndoesTheStft(int samples) {
        float[] signal = normal(samples);

        try (Arena arena = Arena.ofShared()) {
            ShortTimeFourier fourier = ShortTimeFourier.create(reader(arena, Map.of(), 0, 0, 0), 16, 4);
            Block spectrum = fourier.spectrum(signal);

            assertThat(spectrum.rows()).isEqualTo(samples / 4 + 1);
            assertThatValues(fourier.signal(spectrum)).areWithin(1e-5, signal);
        }
    }

    @Test
    void aCosineStandsInItsBinOfTheSpectrum() {
        float[] signal = new float[64];
        for (int i = 0; i < 64; i++) signal[i] = (float) Math.cos(2 * Math.PI * 3 * i / 16);

        try (Arena arena = Arena.ofShared()) {
            Block spectrum = ShortTimeFourier.create(reader(arena, Map.of(), 0, 0, 0), 16, 4)
                    .spectrum(signal);

            // Frame 8 is centred on sample 32, where the cosine begins anew; Hann's sum over 16 points is 8.
            float[] frame = new float[18];
            System.arraycopy(spectrum.data(), 8 * 18, frame, 0, 18);
            // The frame starts 8 samples before its centre: 1.5 turns of the cosine, so the sign is reversed.
            assertThatValues(frame)
                    .areWithin(1e-5, new float[] {0, 0, 2, -4, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        }
    }

    private static float[] convolved(
            float[] x, int rows, float[] w, float[] bias, int kernel, int stride, int dilation, int padding) {
        int outRows = (rows + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
        float[] y = new float[outRows * OUT];
        for (int r = 0; r < outRows; r++) {
            for (int o = 0; o < OUT; o++) {
                double sum = bias[o];
                for (int k = 0; k < kernel; k++) {
                    int from = r * stride - padding + k * dilation;
                    for (int i = 0; i < IN && from >= 0 && from < rows; i++) {
                        sum += (double) x[from * IN + i] * w[(o * IN + i) * kernel + k];
                    }
                }
                y[r * OUT + o] = (float) sum;
            }
        }
        return y;
    }

    private float[] normal(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    /** Weights as [first, second, kernel], lengths as [first, 1, 1], biases as vectors. */
    private static LayerReader reader(Arena arena, Map<String, float[]> values, int first, int second, int kernel) {
        Map<String, Tensor> tensors = new HashMap<>();
        values.forEach((name, floats) -> {
            MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_FLOAT, floats);
            List<Integer> shape = switch (name.substring(2)) {
                case "weight", "weight_v" -> List.of(first, second, kernel);
                case "weight_g" -> List.of(first, 1, 1);
                default -> List.of(floats.length);
            };
            tensors.put(name, new Tensor(data, DType.F32, shape));
        });
        return new LayerReader(new Given(tensors), Goldens.KERNELS, arena, arena);
    }
}
