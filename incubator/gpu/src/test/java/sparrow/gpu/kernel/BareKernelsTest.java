package sparrow.gpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.gpu.DeviceUnderTest;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Language;
import sparrow.tensor.DType;

/** Random numbers, reading and copying, held against what they are. */
@Tag("device")
class BareKernelsTest {
    private Device device;
    private BareKernels kernels;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() {
        device = DeviceUnderTest.open();
        kernels = BareKernels.build(device);
    }

    @AfterEach
    void close() {
        if (device != null) device.close();
    }

    private int[] words(Buffer buffer) {
        int[] words = new int[(int) (buffer.bytes() / Integer.BYTES)];
        device.queue().read(buffer, 0, MemorySegment.ofArray(words));
        return words;
    }

    @Test
    void wordsAreRandomWhereTheyMayBe() {
        Buffer buffer = device.allocate(4 * 10_007);

        kernels.random(buffer, 0xFFFF, 0x1234_0000, 5);

        int[] words = words(buffer);
        assertThat(Arrays.stream(words)).allMatch(word -> word >>> 16 == 0x1234);
        // Ten thousand draws of 65536: each bit is one in half of the words, and few come twice.
        for (int bit = 0; bit < 16; bit++) {
            int at = bit;
            assertThat(Arrays.stream(words)
                            .filter(word -> (word >> at & 1) == 1)
                            .count())
                    .isBetween(4700L, 5300L);
        }
        assertThat(Arrays.stream(words).distinct().count()).isBetween(9000L, 9700L);
        kernels.random(buffer, 0xFFFF, 0x1234_0000, 6);
        assertThat(words(buffer)).isNotEqualTo(words);
        kernels.random(buffer, 0xFFFF, 0x1234_0000, 5);
        assertThat(words(buffer)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"16", "4096", "1000016"})
    void allIsReadAndHalfIsCopied(int bytes) {
        Buffer buffer = device.allocate(2L * bytes);
        Buffer sums = device.allocate(kernels.sumBytes());
        kernels.random(buffer, -1, 0, 9);
        int[] before = words(buffer);

        kernels.read(buffer, sums);
        kernels.copyHalf(buffer);

        assertThat(Arrays.stream(words(sums)).reduce((a, b) -> a ^ b))
                .isEqualTo(Arrays.stream(before).reduce((a, b) -> a ^ b));
        int[] after = words(buffer);
        int half = before.length / 2;
        assertThat(Arrays.copyOf(after, half)).isEqualTo(Arrays.copyOf(before, half));
        assertThat(Arrays.copyOfRange(after, half, 2 * half)).isEqualTo(Arrays.copyOf(before, half));
    }

    /** A product with one row of ones and minus ones is a sum of so many numbers: its spread says theirs. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0"})
    void randomMatricesKeepTheSizeOfWhatTheyMultiply(DType type) {
        int rows = 500;
        int columns = 1024;
        DeviceMatrix matrix = DeviceMatrix.random(device, kernels, type, rows, columns, 3);
        DeviceRows x = DeviceRows.allocate(device, 1, columns);
        DeviceRows y = DeviceRows.allocate(device, 1, rows);
        float[] signs = new float[columns];
        for (int c = 0; c < columns; c++) signs[c] = c % 2 == 0 ? 1 : -1;
        x.write(0, signs, 0);
        try (DeviceKernels layers = DeviceKernels.build(device)) {
            layers.linear(matrix, Optional.empty(), x, y);
        }
        float[] results = new float[rows];
        y.read(0, results, 0);

        double squares = 0;
        for (float result : results) squares += result * result;
        assertThat(Math.sqrt(squares / rows)).isBetween(0.75, 1.7);
        assertThat(matrix.bytes()).isEqualTo(rows * type.bytes(columns));
    }

    @Test
    void aRandomMatrixOfBrokenBlocksIsRefused() {
        assertThatThrownBy(() -> DeviceMatrix.random(device, kernels, DType.Q8_0, 4, 40, 1))
                .hasMessage("random matrix on a device: expected rows of whole 16 numbers, got 4 x 40 Q8_0");
    }

    @ParameterizedTest
    @EnumSource
    void theTextCompilesForCardsOfNvidia(Language language) throws Exception {
        assertThat(Clang.ptx(language, BareKernels.text(language), folder))
                .contains(".entry random_words(", ".entry read_words(", ".entry copy_words(", ".entry nothing(");
    }
}
