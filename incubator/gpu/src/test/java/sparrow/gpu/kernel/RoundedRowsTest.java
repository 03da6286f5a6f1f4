package sparrow.gpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.gpu.DeviceUnderTest;
import sparrow.gpu.device.Device;

/** Rows in whole steps, to the bit. */
@Tag("device")
class RoundedRowsTest {
    private static Device device;
    private static CompiledKernels kernels;

    /** Once; for each test, so that each says why it is skipped. */
    @BeforeEach
    void open() {
        if (device != null) return;
        device = DeviceUnderTest.open();
        List<String> names = new ArrayList<>();
        KernelText text = new KernelText(device.language(), Lanes.LOCAL, 1);
        RoundedRows.addTo(text, names);
        kernels = CompiledKernels.build(device, "rounding", text.toString(), names);
    }

    @AfterAll
    static void close() {
        if (device != null) device.close();
    }

    @Test
    void stepsAreTheProcessors() {
        SplittableRandom random = new SplittableRandom(20263);
        for (int rows : new int[] {1, 4, 3}) check(Numbers.rows(random, rows, 32 * random.nextInt(1, 300)));
    }

    @Test
    void halvesGoToTheEvenNumber() {
        float[] x = new float[64];
        for (int c = 0; c < 32; c++) x[c] = c - 15.5f;
        x[0] = -127;
        check(x);
    }

    @Test
    void aBlockOfZerosStaysOne() {
        float[] x = new float[96];
        x[40] = -3;
        check(x);
    }

    /** In a view that begins anywhere. */
    private static void check(float[]... x) {
        int columns = x[0].length;
        int blocks = columns / 32;
        byte[] numbers = new byte[x.length * columns];
        float[] factors = new float[x.length * blocks * 2];
        try (DeviceRows all = DeviceRows.allocate(device, x.length + 1, columns + 3);
                RoundedRows rounded = new RoundedRows(kernels)) {
            DeviceRows rows = all.rows(1, x.length).columns(3, columns);
            for (int r = 0; r < x.length; r++) rows.write(r, x[r], 0);
            RoundedRows.Memory memory = rounded.round(rows);
            device.queue().read(memory.numbers(), 0, MemorySegment.ofArray(numbers));
            device.queue().read(memory.factors(), 0, MemorySegment.ofArray(factors));
        }
        for (int r = 0; r < x.length; r++) {
            for (int b = 0; b < blocks; b++) {
                float step = Numbers.step(x[r], 32 * b);
                int sum = 0;
                for (int c = 32 * b; c < 32 * (b + 1); c++) {
                    assertThat((int) numbers[r * columns + c]).isEqualTo(Numbers.steps(x[r][c], step));
                    sum += Numbers.steps(x[r][c], step);
                }
                assertThat(factors[2 * (r * blocks + b)]).isEqualTo(step);
                assertThat(factors[2 * (r * blocks + b) + 1]).isEqualTo(-8 * sum);
            }
        }
    }

    @Test
    void theMemoryGrowsAndIsUsedAgain() {
        int open = device.openObjects();
        try (DeviceRows rows = DeviceRows.allocate(device, 3, 64);
                RoundedRows rounded = new RoundedRows(kernels)) {
            RoundedRows.Memory two = rounded.round(rows.rows(0, 2));
            assertThat(rounded.round(rows.rows(1, 1))).isSameAs(two);
            assertThat(rounded.round(rows).blocks()).isEqualTo(6);
            assertThat(device.openObjects()).isEqualTo(open + 3);
        }
        assertThat(device.openObjects()).isEqualTo(open);
    }
}
