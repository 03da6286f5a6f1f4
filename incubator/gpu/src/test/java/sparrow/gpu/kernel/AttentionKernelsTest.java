package sparrow.gpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.gpu.DeviceUnderTest;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;

/** Attention over pages against sums in double, at random sizes. */
@Tag("device")
class AttentionKernelsTest {
    private static final int POSITIONS = 128;
    private static final int LAYERS = 3;
    private static final int LAYER = 2;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void everyRowSeesTheSlotsUpToItsOwn(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int kvHeads = random.nextInt(1, 4);
        int group = random.nextInt(1, 9);
        int headWidth = random.nextInt(1, 40);
        TransformerConfig config = new TransformerConfig(
                LAYERS, 8, kvHeads * group, kvHeads, headWidth, 8, 8, 512, 0, new Rope(0, 1, Rope.Pairing.HALVES));
        // Two sequences, whose pages lie mixed; each has its own number of slots, the last ones are this pass's rows.
        int[] lengths = {random.nextInt(3, 300), random.nextInt(3, 300)};
        int[] rows = {random.nextInt(1, 3), random.nextInt(1, 3)};
        try (Device device = DeviceUnderTest.open();
                AttentionKernels kernels = AttentionKernels.build(device, config)) {
            Case pages = new Case(device, kernels, config, random);
            float[][][] keys = new float[2][][];
            float[][][] values = new float[2][][];
            for (int s = 0; s < 2; s++) {
                keys[s] = pages.numbers(lengths[s], config.kvWidth());
                values[s] = pages.numbers(lengths[s], config.kvWidth());
                for (int slot = 0; slot < lengths[s]; slot++) pages.append(s, slot, keys[s][slot], values[s][slot]);
            }
            int n = rows[0] + rows[1];
            float[][] queries = pages.numbers(n, config.queryWidth());
            float[][] mixed = pages.attend(queries, lengths, rows);

            for (int r = 0; r < n; r++) {
                int s = r < rows[0] ? 0 : 1;
                int slot = lengths[s] - rows[s] + (s == 0 ? r : r - rows[0]);
                for (int head = 0; head < config.heads(); head++) {
                    check(config, queries[r], keys[s], values[s], slot, head, mixed[r]);
                }
            }
        }
    }

    /** Softmax and sum in double. */
    private static void check(
            TransformerConfig config,
            float[] query,
            float[][] keys,
            float[][] values,
            int slot,
            int head,
            float[] mixed) {
        int width = config.headWidth();
        int at = head / (config.heads() / config.kvHeads()) * width;
        double[] scores = new double[slot + 1];
        double largest = Double.NEGATIVE_INFINITY;
        double[] errors = new double[slot + 1];
        for (int s = 0; s <= slot; s++) {
            for (int c = 0; c < width; c++) {
                double product = (double) query[head * width + c] * keys[s][at + c];
                scores[s] += product / Math.sqrt(width);
                errors[s] += Math.abs(product) / Math.sqrt(width);
            }
            largest = Math.max(largest, scores[s]);
        }
        double sum = 0;
        double worst = 0;
        for (int s = 0; s <= slot; s++) {
            sum += Math.exp(scores[s] - largest);
            worst = Math.max(worst, errors[s]);
        }
        for (int c = 0; c < width; c++) {
            double expected = 0;
            double magnitude = 0;
            for (int s = 0; s <= slot; s++) {
                double p = Math.exp(scores[s] - largest) / sum;
                expected += p * values[s][at + c];
                magnitude += p * Math.abs(values[s][at + c]);
            }
            // A score is a sum of its own, whose error is relative to its magnitudes, and an exponent.
            double bound = (4.0 * (slot + 1 + width) + 4 * width * worst) * 0x1p-24 * magnitude;
            assertThat((double) mixed[head * width + c]).isBetween(expected - bound, expected + bound);
        }
    }

    /** Pages of two sequences on a device. */
    private static final class Case {
        private final Device device;
        private final AttentionKernels kernels;
        private final TransformerConfig config;
        private final SplittableRandom random;
        private final KvPool pool;
        private final Buffer table;

        Case(Device device, AttentionKernels kernels, TransformerConfig config, SplittableRandom random) {
            this.device = device;
            this.kernels = kernels;
            this.config = config;
            this.random = random;
            Buffer memory = device.allocate(2L * Float.BYTES * LAYERS * config.kvWidth() * POSITIONS * 6);
            pool = new KvPool(memory, LAYERS, POSITIONS);
            table = device.allocate(1024);
        }

        float[][] numbers(int rows, int columns) {
            float[][] numbers = new float[rows][columns];
            for (float[] row : numbers) for (int c = 0; c < columns; c++) row[c] = (float) random.nextGaussian();
            return numbers;
        }

        /** The lists of pages stand at 100 and 110: pages 0, 2, 4 and 5, 3, 1. */
        private void write(int[] lists, int[] slots) {
            int[] all = new int[120];
            System.arraycopy(lists, 0, all, 0, lists.length);
            System.arraycopy(slots, 0, all, 50, slots.length);
            System.arraycopy(new int[] {0, 2, 4}, 0, all, 100, 3);
            System.arraycopy(new int[] {5, 3, 1}, 0, all, 110, 3);
            device.queue().write(table, 0, MemorySegment.ofArray(all));
        }

        void append(int sequence, int slot, float[] key, float[] value) {
            write(new int[] {100 + 10 * sequence}, new int[] {slot});
            try (DeviceRows keys = Numbers.upload(device, key);
                    DeviceRows values = Numbers.upload(device, value)) {
                kernels.append(LAYER, keys, values, new RowTable(table, 1, 0), 50, pool);
            }
        }

        float[][] attend(float[][] queries, int[] lengths, int[] rows) {
            int n = rows[0] + rows[1];
            int[] lists = new int[n];
            int[] slots = new int[n];
            for (int r = 0; r < n; r++) {
                int s = r < rows[0] ? 0 : 1;
                lists[r] = 100 + 10 * s;
                slots[r] = lengths[s] - rows[s] + (s == 0 ? r : r - rows[0]);
            }
            write(lists, slots);
            int most = Math.max(lengths[0], lengths[1]) - 1;
            try (DeviceRows uploaded = Numbers.upload(device, queries);
                    DeviceRows mixed = DeviceRows.allocate(device, n, config.queryWidth());
                    Buffer parts = device.allocate(kernels.partBytes(n, most))) {
                kernels.attend(LAYER, uploaded, new RowTable(table, n, 0), 50, most, pool, parts, mixed);
                return Numbers.download(device, mixed);
            }
        }
    }
}
