package sparrow.gpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.tensor.DType;
import sparrow.engine.tensor.Matrix;
import sparrow.gpu.DeviceUnderTest;
import sparrow.gpu.device.Device;

/** Linear layers of few rows, with every way of adding up lanes that the device has. */
@Tag("device")
class MatvecTest {
    private static final DType[] TYPES = {DType.F32, DType.F16, DType.BF16, DType.Q8_0};

    private static Device device;
    private static final Map<Lanes, DeviceKernels> KERNELS = new EnumMap<>(Lanes.class);

    /** Once; for each test, so that each says why it is skipped. */
    @BeforeEach
    void open() {
        if (device != null) return;
        device = DeviceUnderTest.open();
        for (Lanes lanes : Lanes.values()) {
            if (lanes.on(device)) KERNELS.put(lanes, DeviceKernels.build(device, lanes));
        }
    }

    @AfterAll
    static void close() {
        if (device == null) return;
        KERNELS.values().forEach(DeviceKernels::close);
        KERNELS.clear();
        assertThat(device.openObjects()).isZero();
        device.close();
    }

    static LongStream seeds() {
        return new SplittableRandom(20261).longs(40);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyShapeIsWithinTheBoundAndARowGivesTheSameBitsAloneAndAmongOthers(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        DType type = TYPES[random.nextInt(TYPES.length)];
        int columns = type.isQuantised() ? 32 * random.nextInt(1, 25) : random.nextInt(1, 800);
        check(random, type, random.nextInt(1, 300), columns);
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0"})
    void aLayerOfARealModelIsWithinTheBound(DType type) {
        check(new SplittableRandom(type.ordinal()), type, 130, 4096);
    }

    private static void check(SplittableRandom random, DType type, int outputs, int columns) {
        try (Arena arena = Arena.ofConfined()) {
            Matrix w = Numbers.matrix(random, type, outputs, columns, arena);
            float[][] x = new float[DeviceKernels.MOST_ROWS][];
            for (int r = 0; r < x.length; r++) x[r] = Numbers.values(random, columns);
            try (DeviceMatrix matrix = DeviceMatrix.upload(device, w)) {
                for (DeviceKernels kernels : KERNELS.values()) {
                    float[][] all = multiply(kernels, matrix, x);
                    expect(w, x, all);
                    for (int rows = 1; rows < x.length; rows++) {
                        float[][] few = multiply(kernels, matrix, Arrays.copyOf(x, rows));
                        for (int r = 0; r < rows; r++) assertThat(few[r]).isEqualTo(all[r]);
                    }
                    assertThat(multiply(kernels, matrix, x)).isDeepEqualTo(all);
                }
            }
        }
    }

    private static float[][] multiply(DeviceKernels kernels, DeviceMatrix w, float[][] x) {
        try (DeviceRows in = Numbers.upload(device, x);
                DeviceRows out = DeviceRows.allocate(device, x.length, w.rows())) {
            kernels.matvec(w, in, out);
            return Numbers.download(device, out);
        }
    }

    /** Two orders of n products and sums differ by no more than this. */
    private static void expect(Matrix w, float[][] x, float[][] y) {
        float[] row = new float[w.columns()];
        for (int o = 0; o < w.rows(); o++) {
            w.row(o, row, 0);
            for (int r = 0; r < x.length; r++) {
                double exact = 0;
                double magnitude = 0;
                for (int c = 0; c < row.length; c++) {
                    double product = (double) x[r][c] * row[c];
                    exact += product;
                    magnitude += Math.abs(product);
                }
                assertThat((double) y[r][o])
                        .as("output %d of row %d, %s %d x %d", o, r, w.dtype(), w.rows(), w.columns())
                        .isCloseTo(exact, within(2 * row.length * 0x1p-24 * magnitude));
            }
        }
    }

    @Test
    void shapesThatDoNotFitAreRefusedBeforeTheDeviceSeesThem() {
        DeviceKernels kernels = KERNELS.get(Lanes.LOCAL);
        try (Arena arena = Arena.ofConfined();
                DeviceMatrix w =
                        DeviceMatrix.upload(device, Numbers.matrix(new SplittableRandom(1), DType.F32, 10, 20, arena));
                DeviceRows x = DeviceRows.allocate(device, 2, 20);
                DeviceRows y = DeviceRows.allocate(device, 2, 10);
                DeviceRows many = DeviceRows.allocate(device, 5, 20);
                DeviceRows one = DeviceRows.allocate(device, 1, 10)) {
            assertThatThrownBy(() -> kernels.matvec(w, many, y)).hasMessage("matvec: expected 1 to 4 rows, got 5");
            assertThatThrownBy(() -> kernels.matvec(w, x, one))
                    .hasMessage(
                            "matvec of 10 x 20 F32: expected x of its columns and as many rows of y of its rows, got"
                                    + " 2 x 20 and 1 x 10");
            assertThatThrownBy(() -> kernels.matvec(w, y, y)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void matricesThatKernelsDoNotReadAreRefused() {
        try (Arena arena = Arena.ofConfined()) {
            Matrix q4 = new Matrix(arena.allocate(18), DType.Q4_0, 1, 32);
            Matrix empty = new Matrix(MemorySegment.NULL, DType.F32, 0, 4);

            assertThatThrownBy(() -> DeviceMatrix.upload(device, q4))
                    .hasMessage("matrix on a device: expected F32, F16, BF16 or Q8_0, got Q4_0");
            assertThatThrownBy(() -> DeviceMatrix.upload(device, empty))
                    .hasMessage("matrix on a device: expected sizes of 1 or more, got 0 x 4");
        }
    }
}
