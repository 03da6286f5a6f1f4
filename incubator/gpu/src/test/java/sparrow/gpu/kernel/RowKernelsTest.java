package sparrow.gpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.transformer.Rope.Pairing;
import sparrow.gpu.DeviceUnderTest;
import sparrow.gpu.device.Device;

/** What is done to each row by itself: norm, rotary positions, SwiGLU. */
@Tag("device")
class RowKernelsTest {
    private static final double UNIT = 0x1p-24;

    private static Device device;
    private static DeviceKernels kernels;

    /** Once; for each test, so that each says why it is skipped. */
    @BeforeEach
    void open() {
        if (device != null) return;
        device = DeviceUnderTest.open();
        kernels = DeviceKernels.build(device);
    }

    @AfterAll
    static void close() {
        if (device != null) device.close();
    }

    static LongStream seeds() {
        return new SplittableRandom(20262).longs(20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void normsAreWithinTheirBound(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int columns = random.nextInt(1, 5000);
        float[][] x = Numbers.rows(random, random.nextInt(1, 6), columns);
        float[] weight = Numbers.values(random, columns);
        float epsilon = 1e-5f;
        try (DeviceRows in = Numbers.upload(device, x);
                DeviceRows factors = Numbers.upload(device, weight);
                DeviceRows out = DeviceRows.allocate(device, x.length, columns)) {
            kernels.rmsRows(in, factors, epsilon, out);
            float[][] y = Numbers.download(device, out);
            kernels.rmsRows(in, factors, epsilon, in);
            assertThat(Numbers.download(device, in)).as("in place").isDeepEqualTo(y);

            int steps = Math.ceilDiv(columns, DeviceKernels.ITEMS) + 8;
            for (int r = 0; r < x.length; r++) {
                double squares = 0;
                for (float value : x[r]) squares += (double) value * value;
                double scale = 1 / Math.sqrt(squares / columns + epsilon);
                for (int c = 0; c < columns; c++) {
                    double exact = x[r][c] * scale * weight[c];
                    assertThat((double) y[r][c]).isCloseTo(exact, within((steps / 2.0 + 16) * UNIT * Math.abs(exact)));
                }
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void headsAreTurnedAndOtherChannelsStay(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (Pairing pairing : Pairing.values()) {
            int n = 2 * random.nextInt(1, 40);
            int headWidth = n + random.nextInt(10);
            float[][] x = Numbers.rows(random, random.nextInt(1, 5), headWidth * random.nextInt(1, 9));
            float[][] turns = new float[x.length][];
            for (int r = 0; r < x.length; r++) turns[r] = turn(random.nextInt(1000), n, pairing);
            try (DeviceRows in = Numbers.upload(device, x);
                    DeviceRows by = Numbers.upload(device, turns)) {
                kernels.rope(in, headWidth, by, pairing);
                float[][] y = Numbers.download(device, in);
                for (int r = 0; r < x.length; r++) expectTurned(x[r], turns[r], n, headWidth, pairing, y[r]);
            }
        }
    }

    /** As the CPU's table: cosines, then the factors of partners. */
    private static float[] turn(int position, int n, Pairing pairing) {
        float[] turn = new float[2 * n];
        for (int j = 0; j < n / 2; j++) {
            double angle = position * Math.pow(10_000, -2.0 * j / n);
            int first = pairing == Pairing.HALVES ? j : 2 * j;
            int second = pairing == Pairing.HALVES ? j + n / 2 : 2 * j + 1;
            turn[first] = turn[second] = (float) Math.cos(angle);
            turn[n + second] = (float) Math.sin(angle);
            turn[n + first] = -turn[n + second];
        }
        return turn;
    }

    private static void expectTurned(float[] x, float[] turn, int n, int headWidth, Pairing pairing, float[] y) {
        for (int i = 0; i < x.length; i++) {
            int c = i % headWidth;
            if (c >= n) {
                assertThat(y[i]).isEqualTo(x[i]);
                continue;
            }
            int partner = pairing == Pairing.HALVES ? (c + n / 2) % n : c ^ 1;
            double own = (double) x[i] * turn[c];
            double other = (double) x[i - c + partner] * turn[n + c];
            assertThat((double) y[i]).isCloseTo(own + other, within(3 * UNIT * (Math.abs(own) + Math.abs(other))));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void gatesAreWithinTheirBound(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] gate = Numbers.rows(random, random.nextInt(1, 5), random.nextInt(1, 2000));
        float[][] up = Numbers.rows(random, gate.length, gate[0].length);
        gate[0][0] = -100; // e^100 is no f32
        try (DeviceRows in = Numbers.upload(device, gate);
                DeviceRows by = Numbers.upload(device, up)) {
            kernels.swiglu(in, by, in);
            float[][] y = Numbers.download(device, in);
            for (int r = 0; r < gate.length; r++) {
                for (int c = 0; c < gate[r].length; c++) {
                    double exact = gate[r][c] / (1 + Math.exp(-gate[r][c])) * up[r][c];
                    assertThat((double) y[r][c])
                            .isCloseTo(exact, within(8 * Math.ulp((float) exact) + 0x1p-120 * Math.abs(up[r][c])));
                }
            }
        }
    }

    /** Each operation on views gives the bits of the same rows by themselves, and leaves what is beside them. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void viewsAreComputedLikeRowsOfTheirOwn(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int columns = 4 * random.nextInt(1, 300);
        int left = random.nextInt(40);
        float[][] wide = Numbers.rows(random, random.nextInt(2, 6), left + 2 * columns + random.nextInt(5));
        float[][] turns = Numbers.rows(random, wide.length, left + 2 * columns);
        try (DeviceRows all = Numbers.upload(device, wide);
                DeviceRows allTurns = Numbers.upload(device, turns);
                DeviceRows one = Numbers.upload(device, cut(wide, left, columns));
                DeviceRows two = Numbers.upload(device, cut(wide, left + columns, columns));
                DeviceRows oneTurns = Numbers.upload(device, cut(turns, left, 2 * columns))) {
            DeviceRows rows = all.rows(1, wide.length - 1);
            DeviceRows x = rows.columns(left, columns);
            DeviceRows y = rows.columns(left + columns, columns);
            DeviceRows own = one.rows(1, wide.length - 1);
            DeviceRows ownY = two.rows(1, wide.length - 1);

            kernels.swiglu(x, y, x);
            kernels.swiglu(own, ownY, own);
            kernels.rmsRows(x, allTurns.rows(1, 1).columns(left, columns), 1e-6f, y);
            kernels.rmsRows(own, oneTurns.rows(1, 1).columns(0, columns), 1e-6f, ownY);
            for (Pairing pairing : Pairing.values()) {
                kernels.rope(x, columns, allTurns.rows(1, own.rows()).columns(left, 2 * columns), pairing);
                kernels.rope(own, columns, oneTurns.rows(1, own.rows()), pairing);
            }

            float[][] expected = Numbers.copy(wide);
            for (int r = 1; r < wide.length; r++) {
                own.read(r - 1, expected[r], left);
                ownY.read(r - 1, expected[r], left + columns);
            }
            assertThat(Numbers.download(device, all)).isDeepEqualTo(expected);
            float[] row = new float[columns];
            x.read(0, row, 0);
            assertThat(row).isEqualTo(cut(expected, left, columns)[1]);
        }
    }

    private static float[][] cut(float[][] rows, int from, int count) {
        float[][] cut = new float[rows.length][];
        for (int r = 0; r < rows.length; r++) cut[r] = Arrays.copyOfRange(rows[r], from, from + count);
        return cut;
    }

    @Test
    void aViewBelongsToTheRowsThatWereAllocated() {
        int open = device.openObjects();
        DeviceRows rows = DeviceRows.allocate(device, 4, 40);
        DeviceRows view = rows.rows(1, 2).columns(8, 30).columns(3, 5);

        assertThat(view).hasToString("2 x 5");
        assertThat(view.offset()).isEqualTo(rows.pitch() + 11);
        assertThatThrownBy(() -> view.columns(1, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.rows(0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        view.close();
        assertThat(device.openObjects()).isEqualTo(open + 1);
        rows.close();
        assertThat(device.openObjects()).isEqualTo(open);
    }

    @Test
    void shapesThatDoNotFitAreRefusedBeforeTheDeviceSeesThem() {
        try (DeviceRows wide = DeviceRows.allocate(device, 2, 24);
                DeviceRows narrow = DeviceRows.allocate(device, 2, 12);
                DeviceRows one = DeviceRows.allocate(device, 1, 24)) {
            assertThatThrownBy(() -> kernels.swiglu(wide, narrow, wide))
                    .hasMessage("swiglu: expected three arguments of one shape, got 2 x 24, 2 x 12 and 2 x 24");
            assertThatThrownBy(() -> kernels.rmsRows(wide, narrow, 1, wide)).hasMessageContaining("rms norm of 2 x 24");
            assertThatThrownBy(() -> kernels.rope(wide, 7, narrow, Pairing.HALVES))
                    .hasMessageContaining("expected whole heads");
            assertThatThrownBy(() -> kernels.rope(wide, 8, wide, Pairing.HALVES))
                    .hasMessageContaining("channels up to 8, got 2 x 24");
            assertThatThrownBy(() -> kernels.rope(wide, 12, one, Pairing.HALVES))
                    .hasMessageContaining("expected turns for each row");
            assertThatThrownBy(() -> wide.write(2, new float[24], 0)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> wide.read(0, new float[24], 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }
}
