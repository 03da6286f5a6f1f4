package sparrow.gpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.gpu.DeviceUnderTest;
import sparrow.gpu.device.Device;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/** Weights on a device: what is refused, what is a view, how large ones are cut. */
@Tag("device")
class DeviceMatrixTest {
    private static Device device;

    /** Once; for each test, so that each says why it is skipped. */
    @BeforeEach
    void open() {
        if (device == null) device = DeviceUnderTest.open();
    }

    @AfterAll
    static void close() {
        if (device != null) device.close();
    }

    @Test
    void matricesThatKernelsDoNotReadAreRefused() {
        try (Arena arena = Arena.ofConfined()) {
            Matrix empty = new Matrix(MemorySegment.NULL, DType.F32, 0, 4);
            Matrix plain = new Matrix(arena.allocate(48), DType.F32, 3, 4);
            Matrix half = new Matrix(arena.allocate(24), DType.F16, 3, 4);
            Matrix wide = new Matrix(arena.allocate(60), DType.F32, 3, 5);

            assertThatThrownBy(() -> DeviceMatrix.upload(device, empty))
                    .hasMessage("matrix on a device: expected sizes of 1 or more, got 0 x 4");
            assertThatThrownBy(() -> DeviceMatrix.upload(device, List.of()))
                    .hasMessage("matrix on a device: expected one or more, got none");
            assertThatThrownBy(() -> DeviceMatrix.upload(device, List.of(plain, half)))
                    .hasMessage("matrices on a device: expected one type and one width, got 3 x 4 F32 and 3 x 4 F16");
            assertThatThrownBy(() -> DeviceMatrix.upload(device, List.of(plain, wide)))
                    .hasMessage("matrices on a device: expected one type and one width, got 3 x 4 F32 and 3 x 5 F32");
        }
    }

    @Test
    void aViewIsTheSameMemory() {
        try (Arena arena = Arena.ofConfined()) {
            int open = device.openObjects();
            DeviceMatrix w =
                    DeviceMatrix.upload(device, Numbers.matrix(new SplittableRandom(1), DType.Q8_0, 9, 64, arena));
            DeviceMatrix some = w.rows(2, 5).rows(1, 3);

            assertThat(w.bytes()).isEqualTo(9 * (64 + 4));
            assertThat(some.bytes()).isEqualTo(3 * (64 + 4));
            assertThat(some).hasToString("3 x 64 Q8_0");
            assertThatThrownBy(() -> some.rows(1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> some.rows(1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
            some.close();
            assertThat(device.openObjects()).isEqualTo(open + 2);
            w.close();
            assertThat(device.openObjects()).isEqualTo(open);
        }
    }

    /** The largest allocation holds three rows, so that cuts lie within matrices, between them, and within views. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0"})
    void whatIsTooLargeForOnePieceOfMemoryGivesTheSameBits(DType type) {
        SplittableRandom random = new SplittableRandom(type.ordinal());
        int columns = type.isQuantised() ? 96 : 77;
        try (Arena arena = Arena.ofConfined();
                DeviceKernels kernels = DeviceKernels.build(device)) {
            List<Matrix> parts = List.of(
                    Numbers.matrix(random, type, 4, columns, arena),
                    Numbers.matrix(random, type, 2, columns, arena),
                    Numbers.matrix(random, type, 8, columns, arena));
            int numbers = type.isQuantised() ? columns / 32 * (type.blockBytes() - 2) : columns * type.blockBytes();
            long row = Math.ceilDiv(numbers, 16) * 16L;
            try (DeviceMatrix whole = DeviceMatrix.upload(device, parts);
                    DeviceMatrix cut = DeviceMatrix.upload(device, parts, 4 * row - 1);
                    DeviceRows x = Numbers.upload(device, Numbers.rows(random, 6, columns));
                    DeviceRows bias = Numbers.upload(device, Numbers.values(random, 14));
                    DeviceRows expected = DeviceRows.allocate(device, 6, 14);
                    DeviceRows y = DeviceRows.allocate(device, 6, 14)) {
                assertThat(whole.parts()).hasSize(1);
                assertThat(cut.parts()).extracting(MatrixPart::rows).containsExactly(3, 3, 3, 3, 2);
                assertThat(cut.bytes()).isEqualTo(whole.bytes());

                kernels.linear(whole, Optional.of(bias), x, expected);
                kernels.linear(cut, Optional.of(bias), x, y);
                assertThat(Numbers.download(device, y)).isDeepEqualTo(Numbers.download(device, expected));

                kernels.linear(whole.rows(2, 9), Optional.empty(), x, expected.columns(5, 9));
                kernels.linear(cut.rows(2, 9), Optional.empty(), x, y.columns(5, 9));
                assertThat(Numbers.download(device, y)).isDeepEqualTo(Numbers.download(device, expected));
            }
        }
    }
}
