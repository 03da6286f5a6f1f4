package sparrow.formats.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/**
 * Rounding against the bytes that ggml's own reference quantisers made of the same blocks: zeros, ties, equal
 * magnitudes of both signs, subnormal and overflowing scales, and random ones.
 */
class QuantiserTest {
    private static final List<DType> COLUMNS = List.of(DType.F32, DType.Q8_0, DType.Q4_0, DType.F16, DType.BF16);

    static Stream<Arguments> blocks() throws IOException {
        try (InputStream in = QuantiserTest.class.getResourceAsStream("ggml-blocks.txt")) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
            return IntStream.range(0, lines.size())
                    .boxed()
                    .flatMap(i -> COLUMNS.stream()
                            .map(type ->
                                    Arguments.of(i, type, List.of(lines.get(i).split(" ")))));
        }
    }

    @ParameterizedTest(name = "block {0} as {1}")
    @MethodSource("blocks")
    void bytesAreThoseOfTheReference(int block, DType type, List<String> columns) {
        float[] x = floats(HexFormat.of().parseHex(columns.getFirst()));

        byte[] stored = stored(x, type);

        assertThat(HexFormat.of().formatHex(stored)).isEqualTo(columns.get(COLUMNS.indexOf(type)));
    }

    @Test
    void manyBlocksAreStoredAsEachAlone() {
        float[] x = random(new SplittableRandom(4), 96);

        byte[] all = stored(x, DType.Q4_0);

        for (int block = 0; block < 3; block++) {
            float[] alone = Arrays.copyOfRange(x, 32 * block, 32 * block + 32);
            assertThat(Arrays.copyOfRange(all, 18 * block, 18 * block + 18)).isEqualTo(stored(alone, DType.Q4_0));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0"})
    void whatIsReadBackIsAsCloseAsTheTypeCanBe(DType type) {
        float[] x = random(new SplittableRandom(5), 3200);

        float[] back = new Tensor(MemorySegment.ofArray(stored(x, type)), type, List.of(100, 32)).toFloats();

        for (int block = 0; block < 100; block++) {
            float largest = 0;
            for (int i = 32 * block; i < 32 * block + 32; i++) largest = Math.max(largest, Math.abs(x[i]));
            for (int i = 32 * block; i < 32 * block + 32; i++) {
                double bound = switch (type) {
                    case F32 -> 0;
                    case F16 -> Math.abs(x[i]) * 0x1p-11;
                    case BF16 -> Math.abs(x[i]) * 0x1p-8;
                    // Half a step, and the rounding of the scale to 11 bits.
                    case Q8_0 -> largest / 127 * 0.5 + largest * 0x1p-11;
                    // A whole step where the end of the range without its own -8 is cut off.
                    case Q4_0 -> largest / 8 + largest * 0x1p-11;
                    default -> throw new IllegalStateException();
                };
                assertThat((double) Math.abs(back[i] - x[i])).isLessThanOrEqualTo(bound * 1.0001);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_0"})
    void numbersTooSmallForAScaleBecomeZero(DType type) {
        float[] x = new float[32];
        x[3] = -1e-40f;

        float[] back = new Tensor(MemorySegment.ofArray(stored(x, type)), type, List.of(32)).toFloats();
        for (float value : back) assertThat(value).isZero();
    }

    @Test
    void incompleteBlocksAndIntegersAreRefused() {
        assertThatThrownBy(() -> stored(new float[48], DType.Q8_0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> stored(new float[2], DType.I32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weights cannot be stored as I32");
    }

    private static byte[] stored(float[] x, DType type) {
        byte[] bytes = new byte[(int) type.bytes(x.length)];
        type.store(x, MemorySegment.ofArray(bytes));
        return bytes;
    }

    private static float[] random(SplittableRandom random, int count) {
        float[] x = new float[count];
        for (int i = 0; i < count; i++) x[i] = (float) random.nextGaussian();
        return x;
    }

    private static float[] floats(byte[] bytes) {
        float[] x = new float[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(x);
        return x;
    }
}
