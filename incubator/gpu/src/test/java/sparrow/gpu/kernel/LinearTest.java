package sparrow.gpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.gpu.DeviceUnderTest;
import sparrow.gpu.device.Device;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Linear layers, with every way of adding up lanes that the device has. */
@Tag("device")
class LinearTest {
    private static final DType[] TYPES = {DType.F32, DType.F16, DType.BF16, DType.Q8_0, DType.Q4_0};
    private static final Optional<DeviceRows> NO_BIAS = Optional.empty();

    private static Device device;
    private static final Map<Lanes, DeviceKernels> KERNELS = new EnumMap<>(Lanes.class);

    /** Once; for each test, so that each says why it is skipped. */
    @BeforeEach
    void open() {
        if (device != null) return;
        device = DeviceUnderTest.open();
        for (Lanes lanes : Lanes.values()) {
            if (lanes.on(device)) KERNELS.put(lanes, DeviceKernels.build(device, lanes, Optional.empty()));
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
        check(random, type, random.nextInt(1, 300), columns(random, type));
    }

    private static int columns(SplittableRandom random, DType type) {
        return type.isQuantised() ? 32 * random.nextInt(1, 25) : random.nextInt(1, 800);
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0"})
    void aLayerOfARealModelIsWithinTheBound(DType type) {
        check(new SplittableRandom(type.ordinal()), type, 130, 4096);
    }

    /** Tiles of 128 outputs and 64 rows, of 16 or 32 columns: some are full, some end within. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void manyRowsAreWithinTheBoundAndGiveTheSameBitsAmongMore(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        DType type = TYPES[random.nextInt(TYPES.length)];
        int columns = columns(random, type);
        try (Arena arena = Arena.ofConfined()) {
            Matrix w = Numbers.matrix(random, type, random.nextInt(1, 300), columns, arena);
            float[][] x = Numbers.rows(random, random.nextInt(6, 150), columns);
            DeviceKernels kernels = KERNELS.get(Lanes.LOCAL);
            try (DeviceMatrix matrix = DeviceMatrix.upload(device, w)) {
                float[][] all = Products.multiply(device, kernels, matrix, x);
                Products.expect(List.of(w), x, all, LinearTest::bound);
                int rows = random.nextInt(5, x.length);
                float[][] few = Products.multiply(device, kernels, matrix, Arrays.copyOf(x, rows));
                for (int r = 0; r < rows; r++) assertThat(few[r]).isEqualTo(all[r]);
            }
        }
    }

    private static void check(SplittableRandom random, DType type, int outputs, int columns) {
        try (Arena arena = Arena.ofConfined()) {
            Matrix w = Numbers.matrix(random, type, outputs, columns, arena);
            float[][] x = Numbers.rows(random, DeviceKernels.MAX_ROWS, columns);
            try (DeviceMatrix matrix = DeviceMatrix.upload(device, w)) {
                for (DeviceKernels kernels : KERNELS.values()) {
                    float[][] all = Products.multiply(device, kernels, matrix, x);
                    Products.expect(List.of(w), x, all, LinearTest::bound);
                    for (int rows = 1; rows < x.length; rows++) {
                        float[][] few = Products.multiply(device, kernels, matrix, Arrays.copyOf(x, rows));
                        for (int r = 0; r < rows; r++) assertThat(few[r]).isEqualTo(all[r]);
                    }
                    assertThat(Products.multiply(device, kernels, matrix, x)).isDeepEqualTo(all);
                }
            }
        }
    }

    /** Two orders of n products and sums differ by no more than this, of the magnitudes of all products. */
    private static double bound(Matrix w) {
        return 2 * w.columns() * 0x1p-24;
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
                    Numbers.matrix(random, type, random.nextInt(1, 60), columns, arena),
                    Numbers.matrix(random, type, random.nextInt(1, 60), columns, arena));
            float[][] x = Numbers.rows(random, random.nextInt(1, 2 * DeviceKernels.MAX_ROWS), columns);
            try (DeviceMatrix w = DeviceMatrix.upload(device, parts)) {
                for (DeviceKernels kernels : KERNELS.values()) {
                    float[][] whole = Products.multiply(device, kernels, w, x);
                    Products.expect(parts, x, whole, LinearTest::bound);
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
            Optional<DeviceRows> constant = Optional.of(biases.columns(at, count));
            DeviceRows y = out.rows(from, x.length).columns(at, count);
            float[][] expected = Numbers.copy(before);

            kernels.linearAdd(w.rows(first, count), constant, input, y);

            for (int r = 0; r < x.length; r++) {
                for (int o = 0; o < count; o++) expected[from + r][at + o] += whole[r][first + o] + bias[at + o];
            }
            assertThat(Numbers.download(device, out)).isDeepEqualTo(expected);

            kernels.linear(w.rows(first, count), NO_BIAS, input, y);

            for (int r = 0; r < x.length; r++) System.arraycopy(whole[r], first, expected[from + r], at, count);
            assertThat(Numbers.download(device, out)).isDeepEqualTo(expected);
        }
    }

    /** Both round activations alike, so that they differ by sums of two orders, and by nothing of the size of a step. */
    @ParameterizedTest
    @ValueSource(ints = {32, 608, 4096})
    void weightsOfFourBitsGiveWhatTheProcessorsKernelGives(int columns) {
        SplittableRandom random = new SplittableRandom(columns);
        try (Arena arena = Arena.ofShared();
                ComputePool pool = new ComputePool(1)) {
            Matrix w = Numbers.matrix(random, DType.Q4_0, 70, columns, arena);
            float[][] x = Numbers.rows(random, DeviceKernels.MAX_ROWS, columns);
            float[] flat = new float[x.length * columns];
            for (int r = 0; r < x.length; r++) System.arraycopy(x[r], 0, flat, r * columns, columns);
            Kernels processor = Kernels.create(pool);
            float[] y = new float[x.length * w.rows()];
            processor.linear(
                    Block.of(flat, x.length, columns), processor.pack(w, arena), null, Block.of(y, x.length, w.rows()));
            float[][] expected = new float[x.length][];
            for (int r = 0; r < x.length; r++) expected[r] = Arrays.copyOfRange(y, r * w.rows(), (r + 1) * w.rows());

            Products.expect(List.of(w), x, expected, LinearTest::bound);
            try (DeviceMatrix matrix = DeviceMatrix.upload(device, w)) {
                for (DeviceKernels kernels : KERNELS.values())
                    Products.expect(List.of(w), x, Products.multiply(device, kernels, matrix, x), LinearTest::bound);
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
                DeviceRows wide = DeviceRows.allocate(device, 2, 50);
                DeviceRows one = DeviceRows.allocate(device, 1, 10)) {
            assertThatThrownBy(() -> kernels.linear(w, NO_BIAS, x, one))
                    .hasMessage(
                            "linear layer of 10 x 20 F32: expected x with its columns, and y with its outputs and as many rows,"
                                    + " got 2 x 20 and 1 x 10");
            assertThatThrownBy(() -> kernels.linear(w, Optional.of(y), x, y))
                    .hasMessage("linear layer of 10 x 20 F32: expected a bias of 1 x 10, got 2 x 10");
            assertThatThrownBy(() -> kernels.linear(w, Optional.of(one.columns(1, 9)), x, y))
                    .hasMessage("linear layer of 10 x 20 F32: expected a bias of 1 x 10, got 1 x 9");
            assertThatThrownBy(() -> kernels.linear(w, NO_BIAS, wide.columns(2, 20), y))
                    .hasMessage(
                            "linear layer of 10 x 20 F32: expected a view of x that begins at a multiple of 16 bytes, and"
                                    + " ends at one or at the end of its rows, got 2 x 20 at 2 of 64");
            assertThatThrownBy(() -> kernels.linear(w, NO_BIAS, wide.columns(0, 20), wide.columns(19, 10)))
                    .hasMessage("linear layer of 10 x 20 F32: expected y outside the memory of x");
            assertThatThrownBy(() ->
                            kernels.linear(w, Optional.of(wide.rows(1, 1).columns(9, 10)), x, wide.columns(0, 10)))
                    .hasMessage("linear layer of 10 x 20 F32: expected y outside the memory of the bias");
        }
    }

    @Test
    void piecesThatAreNotFullMustEndInThePadding() {
        try (DeviceRows rows = DeviceRows.allocate(device, 2, 30)) {
            assertThat(rows.readableBy(8)).isTrue();
            assertThat(rows.columns(0, 24).readableBy(8)).isTrue();
            assertThat(rows.columns(4, 24).readableBy(8)).isTrue();
            assertThat(rows.columns(8, 22).readableBy(8)).isTrue();
            assertThat(rows.columns(2, 24).readableBy(8)).as("not aligned").isFalse();
            assertThat(rows.columns(0, 29).readableBy(8))
                    .as("a neighbour's numbers")
                    .isFalse();
            assertThat(rows.columns(28, 2).readableBy(8)).as("the next row").isFalse();
        }
    }
}
