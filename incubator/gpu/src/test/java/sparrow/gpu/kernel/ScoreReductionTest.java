package sparrow.gpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.transformer.Logits;
import sparrow.gpu.DeviceUnderTest;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;

/** What a choice needs of scores, as the host's own {@link Logits} tell it. */
@Tag("device")
class ScoreReductionTest {
    private static Device device;
    private static RowKernels kernels;

    /** Once; for each test, so that each says why it is skipped. */
    @BeforeEach
    void open() {
        if (device != null) return;
        device = DeviceUnderTest.open();
        kernels = RowKernels.build(device);
    }

    @AfterAll
    static void close() {
        if (device != null) device.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void summariesAreThoseOfTheHost(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int count = random.nextInt(1, 3000);
        float[][] scores = new float[random.nextInt(1, 4)][count];
        for (float[] row : scores) {
            // Few values, so that ties are common.
            for (int c = 0; c < count; c++) row[c] = random.nextInt(-9, 6) / 2f;
        }
        int[] tokens = random.nextBoolean() ? null : tokens(random, count);
        int[] masked = {random.nextInt(count)};

        int[] summaries = reduce(scores, tokens, masked);

        for (int r = 0; r < scores.length; r++) {
            scores[r][masked[0]] = Float.NEGATIVE_INFINITY;
            Logits host = Logits.of(scores[r], tokens);
            float sum = Float.intBitsToFloat(summaries[4 * r + 2]);
            float weighted = Float.intBitsToFloat(summaries[4 * r + 3]);
            assertThat(Float.intBitsToFloat(summaries[4 * r])).isEqualTo(host.largest());
            assertThat(summaries[4 * r + 1]).isEqualTo(host.best(Integer.MAX_VALUE));
            if (count == 1) continue; // all is masked
            // Sums of up to n / 256 + 8 roundings each, of exponentials of 3 ulp.
            assertThat(Math.log(sum) - weighted / sum).isCloseTo(host.entropy(), within(1e-5));
        }
    }

    @Test
    void whatIsNotANumberIsTheLargest() {
        float[] scores = new float[1000];
        scores[3] = Float.POSITIVE_INFINITY;
        scores[700] = Float.NaN;

        int[] summary = reduce(new float[][] {scores}, null, new int[0]);

        assertThat(Float.intBitsToFloat(summary[0])).isNaN();
        assertThat(summary[1]).isEqualTo(700);
    }

    /** Different ids in no order. */
    private static int[] tokens(SplittableRandom random, int count) {
        return random.ints(0, 1 << 20).distinct().limit(count).toArray();
    }

    private static int[] reduce(float[][] scores, int[] tokens, int[] masked) {
        int[] all = new int[RowKernels.SUMMARY * scores.length];
        try (DeviceRows rows = Numbers.upload(device, scores);
                Buffer ids = ints(tokens == null ? new int[1] : tokens);
                Buffer without = ints(masked.length == 0 ? new int[1] : masked);
                Buffer summaries = device.allocate(4L * all.length)) {
            if (masked.length > 0) kernels.mask(rows, without, masked.length);
            kernels.reduce(rows, tokens == null ? Optional.empty() : Optional.of(ids), summaries);
            device.queue().read(summaries, 0, MemorySegment.ofArray(all));
        }
        return all;
    }

    private static Buffer ints(int[] values) {
        Buffer buffer = device.allocate(4L * values.length);
        device.queue().write(buffer, 0, MemorySegment.ofArray(values));
        return buffer;
    }
}
