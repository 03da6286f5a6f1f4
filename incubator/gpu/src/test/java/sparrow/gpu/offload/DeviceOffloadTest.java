package sparrow.gpu.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.LinearOffload.Held;
import sparrow.engine.kernel.LinearOffload.Product;
import sparrow.engine.tensor.DType;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.transformer.DeviceFacts;
import sparrow.engine.transformer.LostDeviceException;
import sparrow.gpu.DeviceUnderTest;
import sparrow.gpu.GpuProvider;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.device.NoMemoryException;

/** Layers on the device under test, whatever they would gain there. */
@Tag("device")
class DeviceOffloadTest {
    private static final DType[] TYPES = {DType.F32, DType.F16, DType.BF16, DType.Q8_0};
    private static final float MARK = 12_345;
    private static final Block EIGHT = Block.of(new float[64], 8, 8);

    private static DeviceOffload offload;

    private final Arena arena = Arena.ofShared();

    /** Once; for each test, so that each says why it is skipped. */
    @BeforeEach
    void open() {
        if (offload == null) offload = DeviceOffload.open(DeviceUnderTest.open(), 1L << 30);
    }

    @AfterEach
    void forget() {
        arena.close();
    }

    @AfterAll
    static void close() {
        if (offload != null) offload.close();
    }

    static LongStream seeds() {
        return new SplittableRandom(20266).longs(40);
    }

    private static float[] values(SplittableRandom random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (random.nextDouble(-1, 1) * Math.pow(2, random.nextInt(-6, 7)));
        }
        return values;
    }

    private Matrix matrix(SplittableRandom random, DType type, int rows, int columns) {
        MemorySegment data = arena.allocate(type.bytes((long) rows * columns), 64);
        type.store(values(random, rows * columns), data);
        return new Matrix(data, type, rows, columns);
    }

    /** Rows that overlap, that follow one another, or that are some columns of wider ones, between numbers that are none. */
    private static Block block(SplittableRandom random, int rows, int columns) {
        int stride = switch (random.nextInt(4)) {
            case 0 -> random.nextInt(0, columns + 1);
            case 1 -> 4 * random.nextInt(0, columns / 4 + 1);
            case 2 -> columns;
            default -> columns + random.nextInt(1, 40);
        };
        int offset = random.nextInt(40);
        int numbers = (rows - 1) * stride + columns;
        float[] data = new float[offset + numbers + random.nextInt(40)];
        Arrays.fill(data, Float.NaN);
        System.arraycopy(values(random, numbers), 0, data, offset, numbers);
        Block block = new Block(data, offset, stride, rows, columns);
        for (int r = 0; r + 1 < rows; r++) {
            int end = offset + r * stride + columns;
            if (stride > columns) Arrays.fill(data, end, end + stride - columns, Float.NaN);
        }
        return block;
    }

    private static Block empty(SplittableRandom random, int rows, int columns) {
        int stride = random.nextBoolean() ? columns : columns + random.nextInt(1, 20);
        int offset = random.nextInt(20);
        float[] data = new float[offset + rows * stride + 20];
        Arrays.fill(data, MARK);
        return new Block(data, offset, stride, rows, columns);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void layersOfOneInputAreWithinTheBoundWhateverItsRowsAre(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        DType first = TYPES[random.nextInt(TYPES.length)];
        int columns = first.isQuantised() || random.nextBoolean() ? 32 * random.nextInt(1, 12) : random.nextInt(1, 300);
        Block x = block(random, random.nextInt(1, 150), columns);
        List<Matrix> matrices = new ArrayList<>();
        List<Product> products = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            DType type = matrices.isEmpty() ? first : TYPES[random.nextInt(3)];
            Matrix w = matrix(random, type, random.nextInt(1, 200), columns);
            float[] bias = random.nextBoolean() ? values(random, w.rows()) : null;
            matrices.add(w);
            products.add(new Product(offload.hold(w).orElseThrow(), bias, empty(random, x.rows(), w.rows())));
        }

        offload.linear(x, products);

        for (int i = 0; i < products.size(); i++) {
            check(x, matrices.get(i), products.get(i).bias(), products.get(i).y());
        }
    }

    private static void check(Block x, Matrix w, float[] bias, Block y) {
        float[] row = new float[w.columns()];
        int untouched = y.data().length;
        for (int o = 0; o < w.rows(); o++) {
            w.row(o, row, 0);
            for (int r = 0; r < x.rows(); r++) {
                double sum = 0;
                double magnitudes = 0;
                for (int c = 0; c < row.length; c++) {
                    double product = (double) x.data()[x.offset() + r * x.stride() + c] * row[c];
                    sum += product;
                    magnitudes += Math.abs(product);
                }
                if (bias != null) sum += bias[o];
                float found = y.data()[y.offset() + r * y.stride() + o];
                double bound = 0x1p-23 * row.length * magnitudes + 0x1p-24 * Math.abs(sum) + 0x1p-120;
                assertThat(Math.abs(found - sum)).as("[%d, %d] of %s", r, o, x).isLessThanOrEqualTo(bound);
                untouched--;
            }
        }
        for (float value : y.data()) if (value == MARK) untouched--;
        assertThat(untouched).as("numbers around y that were written").isZero();
    }

    /** Some columns of many rows, which are more than go over at once. */
    @Test
    void whatIsMoreThanGoesOverAtOnceGoesInPieces() {
        SplittableRandom random = new SplittableRandom(1);
        int rows = (8 << 20) / 4096 + 3;
        Matrix w = matrix(random, DType.F32, 4096, 4);
        Block x = Block.of(values(random, rows * 4), rows, 4);
        Block y = Block.of(new float[rows * 4096], rows, 4096);

        offload.linear(x, List.of(new Product(offload.hold(w).orElseThrow(), null, y)));

        for (int r : new int[] {0, 1, rows - 4, rows - 1}) {
            float[] row = Arrays.copyOfRange(y.data(), r * 4096, (r + 1) * 4096);
            check(x.rows(r, r + 1), w, null, Block.of(row, 1, 4096));
        }
    }

    @Test
    void someRowsOfAMatrixGiveWhatTheWholeGives() {
        SplittableRandom random = new SplittableRandom(2);
        Held whole = offload.hold(matrix(random, DType.F32, 192, 96)).orElseThrow();
        Block x = Block.of(values(random, 20 * 96), 20, 96);
        Block all = Block.of(new float[20 * 192], 20, 192);
        Block some = Block.of(new float[20 * 64], 20, 64);

        offload.linear(x, List.of(new Product(whole, null, all), new Product(whole.rows(64, 128), null, some)));

        for (int r = 0; r < 20; r++) {
            assertThat(Arrays.copyOfRange(some.data(), 64 * r, 64 * (r + 1)))
                    .containsExactly(Arrays.copyOfRange(all.data(), 192 * r + 64, 192 * r + 128));
        }
    }

    @Test
    void whatItHasNoRoomOrNoArithmeticForStaysWhereItIs() {
        SplittableRandom random = new SplittableRandom(3);
        Device device = DeviceUnderTest.open();
        try (DeviceOffload small = DeviceOffload.open(device, DeviceOffload.LEAST_ROOM / 2 + 4 * 64 * 64)) {
            assertThat(small.hold(matrix(random, DType.Q4_0, 64, 64))).isEmpty();
            assertThat(small.hold(matrix(random, DType.F32, 65, 64))).isEmpty();
            assertThat(small.hold(matrix(random, DType.F32, 64, 64))).isPresent();
            assertThat(small.hold(matrix(random, DType.F32, 1, 64))).isEmpty();
        }
        assertThat(device.openObjects()).isZero();
    }

    @Test
    void isNamedByItsHostAndRefusesProductsOnceItIsClosed() {
        DeviceOffload closed = DeviceOffload.open(DeviceUnderTest.open(), 1L << 30);
        assertThat(DeviceUnderTest.facts().host()).startsWithIgnoringCase(closed.arithmetic());
        List<Product> products = product(closed);

        closed.close();
        closed.close();

        assertThatThrownBy(() -> closed.linear(EIGHT, products))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the model is closed");
        assertThat(closed.hold(matrix(new SplittableRandom(4), DType.F32, 8, 8)))
                .isEmpty();
    }

    @Test
    void aDeviceThatIsLostIsToldInOneLineFromThenOn() {
        DeviceException[] failure = new DeviceException[1];
        try (DeviceOffload losing = DeviceOffload.open(failing(failure), 1L << 30)) {
            List<Product> products = product(losing);
            losing.linear(EIGHT, products);

            for (boolean now : new boolean[] {true, false}) {
                failure[0] = now ? new DeviceException("unplugged") : null;
                assertThatThrownBy(() -> losing.linear(EIGHT, products))
                        .isInstanceOf(LostDeviceException.class)
                        .hasMessage("gpu: " + DeviceUnderTest.facts().name() + " was lost: unplugged");
            }
            assertThat(losing.hold(matrix(new SplittableRandom(6), DType.F32, 8, 8)))
                    .isEmpty();
        }
    }

    @Test
    void aDeviceWithoutMemoryForAProductIsNotLost() {
        DeviceException[] failure = new DeviceException[1];
        try (DeviceOffload full = DeviceOffload.open(failing(failure), 1L << 30)) {
            List<Product> products = product(full);
            failure[0] = new NoMemoryException("no memory for a launch");
            assertThatThrownBy(() -> full.linear(EIGHT, products))
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessage("gpu: no memory for a launch");
            failure[0] = null;

            full.linear(EIGHT, products);
        }
    }

    /** A layer of 8 inputs and outputs. */
    private List<Product> product(DeviceOffload on) {
        Held held = on.hold(matrix(new SplittableRandom(5), DType.F32, 8, 8)).orElseThrow();
        return List.of(new Product(held, null, Block.of(new float[64], 8, 8)));
    }

    /** The device under test, which fails as told from whenever there is a failure. */
    private static Device failing(DeviceException[] failure) {
        return proxy(method -> {
            if (failure[0] != null && method.equals("queue")) throw failure[0];
            return Optional.empty();
        });
    }

    /** The device under test, but for what is answered in its place. */
    private static Device proxy(Function<String, Optional<Object>> answers) {
        Device device = DeviceUnderTest.open();
        return (Device) Proxy.newProxyInstance(
                Device.class.getClassLoader(), new Class<?>[] {Device.class}, (proxy, method, arguments) -> {
                    Optional<Object> answer = answers.apply(method.getName());
                    return answer.isPresent() ? answer.get() : method.invoke(device, arguments);
                });
    }

    /** Kernels with that instruction keep a wider bound; where it is not there after all, they do not compile. */
    @Test
    void sumsAreF32AlsoWhereTheDeviceMultipliesBf16() {
        SplittableRandom random = new SplittableRandom(7);
        Device tensors = proxy(method -> method.equals("multipliesBf16") ? Optional.of(true) : Optional.empty());
        try (DeviceOffload exact = DeviceOffload.open(tensors, 1L << 30)) {
            Matrix w = matrix(random, DType.BF16, 130, 64);
            Block x = Block.of(values(random, 70 * 64), 70, 64);
            Block y = empty(random, 70, 130);

            exact.linear(x, List.of(new Product(exact.hold(w).orElseThrow(), null, y)));

            check(x, w, null, y);
        }
    }

    @Test
    void aProcessorAndADeviceWithoutRoomAreNotOpened() {
        DeviceFacts processor = new DeviceFacts(
                "opencl:0", "Processor", "", DeviceFacts.Kind.CPU, 1L << 40, 1L << 40, 8, "OpenCL 3.0", "1");

        assertThat(new GpuProvider().offload(processor, 1L << 40)).isEmpty();
        assertThat(new GpuProvider().offload(DeviceUnderTest.facts(), 1000)).isEmpty();
    }
}
