package sparrow.speech.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.speech.Goldens;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.Block;

/** Layers whose weights stay in memory as they are stored: what they give is what the same numbers give as f32. */
class StoredTypesTest {
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final SplittableRandom random = new SplittableRandom(1);
    private final Arena arena = Arena.ofAuto();

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void sixteenBitsGiveTheSameToTheBitAndTakeHalfTheMemory(DType type) {
        fill(type);
        LayerReader wide = new LayerReader(new LayersTest.Given(tensors), Goldens.KERNELS, arena, arena);
        LayerReader halves = wide.asStored();
        Block x = Block.of(normal(50 * 64), 50, 64);

        List<Function<LayerReader, Block>> layers = List.of(
                reader -> reader.linear("a", 96, 64).of(x),
                reader -> reader.linearWithoutBias("b", 96, 64).of(x),
                reader -> reader.stacked(List.of("a", "b"), 96, 64, false).of(x),
                reader -> reader.convolution("c", 32, 64, 3).of(x),
                reader -> reader.upsampling("u", 64, 32, 4, 2).of(x),
                reader -> reader.normedConvolution("n", 32, 64, 3, 1).of(x));

        for (Function<LayerReader, Block> layer : layers) {
            assertThat(layer.apply(halves).data()).isEqualTo(layer.apply(wide).data());
        }
        assertThat(halves.linear("a", 96, 64).weight().bytes())
                .isEqualTo(wide.linear("a", 96, 64).weight().bytes() / 2);
        assertThat(halves.convolution("c", 32, 64, 3).weights().weight().bytes())
                .isEqualTo(wide.convolution("c", 32, 64, 3).weights().weight().bytes() / 2);
    }

    /** Products of few rows read the blocks, those of many unpack them: both add up in other orders than f32 panels do. */
    @ParameterizedTest(name = "{0} rows")
    @ValueSource(ints = {1, 50})
    void blocksGiveTheSameUpToTheOrderOfSummation(int rows) {
        fill(DType.Q8_0);
        Map<String, Tensor> widened = new HashMap<>();
        tensors.forEach((name, tensor) -> widened.put(name, stored(DType.F32, tensor.toFloats(), tensor.shape())));
        LayerReader blocks = new LayerReader(new LayersTest.Given(tensors), Goldens.KERNELS, arena, arena);
        LayerReader wide = new LayerReader(new LayersTest.Given(widened), Goldens.KERNELS, arena, arena);
        Block x = Block.of(normal(rows * 64), rows, 64);

        Block actual = blocks.stacked(List.of("a", "b"), 96, 64, false).of(x);

        Block expected = wide.stacked(List.of("a", "b"), 96, 64, false).of(x);
        float[] a = tensors.get("a.weight").toFloats();
        float[] b = tensors.get("b.weight").toFloats();
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < 192; o++) {
                float[] w = o < 96 ? a : b;
                double magnitudes = 0;
                for (int c = 0; c < 64; c++) magnitudes += Math.abs((double) x.data()[r * 64 + c] * w[o % 96 * 64 + c]);
                // Two orders of 64 products and sums, each rounded once.
                assertThat((double) actual.data()[r * 192 + o])
                        .isCloseTo(expected.data()[r * 192 + o], Offset.offset(2 * 65 * 0x1p-24 * magnitudes));
            }
        }
    }

    @Test
    void layersOfSeveralTypesAreStackedAsF32() {
        fill(DType.F16);
        Tensor other = stored(DType.BF16, normal(96 * 64), List.of(96, 64));
        tensors.put("b.weight", other);
        LayerReader reader = new LayerReader(new LayersTest.Given(tensors), Goldens.KERNELS, arena, arena);
        Block x = Block.of(normal(64), 1, 64);

        float[] stacked = reader.asStored()
                .stacked(List.of("a", "b"), 96, 64, false)
                .of(x)
                .data();

        float[] alone = reader.linearWithoutBias("b", 96, 64).of(x).data();
        assertThat(Arrays.copyOfRange(stacked, 96, 192)).isEqualTo(alone);
    }

    @Test
    void aFoldedCheckpointHasTheWeightsThatItsNormsMean() {
        fill(DType.F16);
        FoldedCheckpoint folded = new FoldedCheckpoint(new LayersTest.Given(tensors));
        LayerReader normed = new LayerReader(new LayersTest.Given(tensors), Goldens.KERNELS, arena, arena);
        LayerReader plain = new LayerReader(folded, Goldens.KERNELS, arena, arena);
        Block x = Block.of(normal(50 * 64), 50, 64);

        assertThat(folded.names()).contains("n.weight", "a.weight").doesNotContain("n.weight_g", "n.weight_v");
        assertThat(plain.normedConvolution("n", 32, 64, 3, 1).of(x).data())
                .isEqualTo(normed.normedConvolution("n", 32, 64, 3, 1).of(x).data());
        assertThat(plain.normedChannels("n"))
                .isEqualTo(normed.normedChannels("n"))
                .isEqualTo(32);
    }

    private void fill(DType type) {
        put(type, "a.weight", 96, 64);
        put(DType.F32, "a.bias", 96);
        put(type, "b.weight", 96, 64);
        if (type.isQuantised()) return;
        put(type, "c.weight", 32, 64, 3);
        put(DType.F32, "c.bias", 32);
        put(type, "u.weight", 64, 32, 4);
        put(DType.F32, "u.bias", 32);
        put(type, "n.weight_v", 32, 64, 3);
        put(type, "n.weight_g", 32, 1, 1);
        put(DType.F32, "n.bias", 32);
    }

    private void put(DType type, String name, Integer... shape) {
        int elements = 1;
        for (int size : shape) elements *= size;
        tensors.put(name, stored(type, normal(elements), List.of(shape)));
    }

    private Tensor stored(DType type, float[] values, List<Integer> shape) {
        byte[] bytes = new byte[(int) type.bytes(values.length)];
        type.store(values, MemorySegment.ofArray(bytes));
        MemorySegment data = arena.allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes));
        return new Tensor(data, type, shape);
    }

    private float[] normal(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) random.nextGaussian();
        return values;
    }
}
