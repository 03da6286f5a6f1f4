package sparrow.gpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.gpu.DeviceUnderTest;
import sparrow.gpu.device.Device;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/** Linear layers of many rows by products of small matrices: by local memory on any device, by the instruction where it is. */
@Tag("device")
class GemmMmaTest {
    private static final DType[] TYPES = {DType.BF16, DType.Q8_0, DType.Q4_0};
    private static final Optional<DeviceRows> NO_BIAS = Optional.empty();

    private static Device device;
    private static final Map<MatrixProduct, DeviceKernels> KERNELS = new EnumMap<>(MatrixProduct.class);

    /** Once; for each test, so that each says why it is skipped. */
    @BeforeEach
    void open() {
        if (device != null) return;
        device = DeviceUnderTest.open();
        for (MatrixProduct product : MatrixProductTest.on(device)) {
            KERNELS.put(product, DeviceKernels.build(device, Lanes.best(device), Optional.of(product)));
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
        return new SplittableRandom(20265).longs(40);
    }

    /** Tiles of 128 outputs, 64 rows and 32 columns: some are full, some end within. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyShapeIsWithinTheBoundAndARowGivesTheSameBitsAmongMore(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        DType type = TYPES[random.nextInt(TYPES.length)];
        check(random, type, random.nextInt(1, 300), random.nextInt(6, 150), columns(random, type));
    }

    private static int columns(SplittableRandom random, DType type) {
        return type.isQuantised() ? 32 * random.nextInt(1, 25) : random.nextInt(1, 800);
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "Q8_0", "Q4_0"})
    void aLayerOfARealModelIsWithinTheBound(DType type) {
        check(new SplittableRandom(type.ordinal()), type, 130, 66, 4096);
    }

    private static void check(SplittableRandom random, DType type, int outputs, int rows, int columns) {
        try (Arena arena = Arena.ofConfined()) {
            Matrix w = Numbers.matrix(random, type, outputs, columns, arena);
            float[][] x = Numbers.rows(random, rows, columns);
            int some = random.nextInt(5, rows);
            try (DeviceMatrix matrix = DeviceMatrix.upload(device, w)) {
                for (DeviceKernels kernels : KERNELS.values()) {
                    float[][] all = Products.multiply(device, kernels, matrix, x);
                    Products.expect(List.of(w), x, all, GemmMmaTest::bound);
                    float[][] few = Products.multiply(device, kernels, matrix, Arrays.copyOf(x, some));
                    for (int r = 0; r < some; r++) assertThat(few[r]).isEqualTo(all[r]);
                    assertThat(Products.multiply(device, kernels, matrix, x)).isDeepEqualTo(all);
                }
            }
        }
    }

    /** Of the magnitudes of all products. What is left out of two parts, and sums; whole steps are one part, and exact. */
    private static double bound(Matrix w) {
        if (w.dtype() == DType.Q4_0) return 2 * w.columns() * 0x1p-24;
        return Math.min(0x1p-16, 3 * 0x1p-18 + w.columns() * 0x1p-29);
    }

    /** Fused weights, some of their outputs, rows of a wider memory on both sides, a bias, and what is added to. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void viewsGiveTheBitsOfWholeRowsAndLeaveTheirNeighboursAlone(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        DType type = TYPES[random.nextInt(TYPES.length)];
        int columns = columns(random, type);
        try (Arena arena = Arena.ofConfined()) {
            List<Matrix> parts = List.of(
                    Numbers.matrix(random, type, random.nextInt(1, 60), columns, arena),
                    Numbers.matrix(random, type, random.nextInt(1, 100), columns, arena));
            float[][] x = Numbers.rows(random, random.nextInt(5, 80), columns);
            try (DeviceMatrix w = DeviceMatrix.upload(device, parts)) {
                for (DeviceKernels kernels : KERNELS.values()) {
                    float[][] whole = Products.multiply(device, kernels, w, x);
                    Products.expect(parts, x, whole, GemmMmaTest::bound);
                    checkViews(random.split(), kernels, w, x, whole);
                }
            }
        }
    }

    private static void checkViews(
            SplittableRandom random, DeviceKernels kernels, DeviceMatrix w, float[][] x, float[][] whole) {
        int first = random.nextInt(w.rows());
        int count = random.nextInt(1, w.rows() - first + 1);
        int left = 32 * random.nextInt(2);
        int from = random.nextInt(3);
        int at = random.nextInt(20);
        float[] bias = Numbers.values(random, at + count);
        float[][] before = Numbers.rows(random, from + x.length + 1, at + count + 3);
        try (DeviceRows in = DeviceRows.allocate(device, from + x.length, left + w.columns());
                DeviceRows biases = Numbers.upload(device, bias);
                DeviceRows out = Numbers.upload(device, before)) {
            DeviceRows input = in.rows(from, x.length).columns(left, w.columns());
            for (int r = 0; r < x.length; r++) input.write(r, x[r], 0);
            DeviceMatrix some = w.rows(first, count);
            DeviceRows y = out.rows(from, x.length).columns(at, count);
            float[][] expected = Numbers.copy(before);
            for (boolean biased : new boolean[] {false, true}) {
                Optional<DeviceRows> constant = biased ? Optional.of(biases.columns(at, count)) : NO_BIAS;

                kernels.linearAdd(some, constant, input, y);

                for (int r = 0; r < x.length; r++) {
                    for (int o = 0; o < count; o++) {
                        expected[from + r][at + o] += whole[r][first + o] + (biased ? bias[at + o] : 0);
                    }
                }
                assertThat(Numbers.download(device, out)).isDeepEqualTo(expected);

                kernels.linear(some, constant, input, y);

                for (int r = 0; r < x.length; r++) {
                    for (int o = 0; o < count; o++) {
                        expected[from + r][at + o] = whole[r][first + o] + (biased ? bias[at + o] : 0);
                    }
                }
                assertThat(Numbers.download(device, out)).isDeepEqualTo(expected);
            }
        }
    }

    /** As NVIDIA's cards write it: all bits set. */
    @ParameterizedTest
    @EnumSource(names = {"BF16", "Q8_0"})
    void aNumberThatIsNoneStaysSoInItsRow(DType type) {
        SplittableRandom random = new SplittableRandom(20266);
        try (Arena arena = Arena.ofConfined()) {
            Matrix w = Numbers.matrix(random, type, 3, 64, arena);
            float[][] x = Numbers.rows(random, 6, 64);
            try (DeviceMatrix matrix = DeviceMatrix.upload(device, w)) {
                for (DeviceKernels kernels : KERNELS.values()) {
                    float[][] before = Products.multiply(device, kernels, matrix, x);
                    float[][] broken = Numbers.copy(x);
                    broken[2][40] = Float.intBitsToFloat(0x7fffffff);
                    float[][] after = Products.multiply(device, kernels, matrix, broken);
                    for (int r = 0; r < x.length; r++) {
                        assertThat(after[r])
                                .isEqualTo(r == 2 ? new float[] {Float.NaN, Float.NaN, Float.NaN} : before[r]);
                    }
                }
            }
        }
    }
}
