package sparrow.gpu.stack;

import java.lang.foreign.MemorySegment;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.kernel.DeviceRows;
import sparrow.gpu.kernel.RowKernels;

/**
 * Memory for the scores of some positions by a head of some rows. It is asked for numbers once: the summaries of all
 * positions come together.
 */
final class ScoreMemory implements AutoCloseable {
    private final DeviceStack stack;
    private final DeviceRows inputs;
    private final DeviceRows translated;
    private final DeviceRows scores;
    private final Buffer summaries;
    private final IntTable table;

    /** Of the scores that are there; null until somebody asks. */
    private int[] read;

    /**
     * What a choice needs.
     *
     * @param token of the largest score
     * @param sum of e^(score - largest)
     * @param weighted sum of e^(score - largest) (score - largest)
     */
    record Summary(float largest, int token, float sum, float weighted) {}

    ScoreMemory(DeviceStack stack, Device device, int positions, int width, int rows) {
        this.stack = stack;
        this.inputs = DeviceRows.allocate(device, positions, width);
        this.translated = DeviceRows.allocate(device, positions, width);
        this.scores = DeviceRows.allocate(device, positions, rows);
        this.summaries = device.allocate((long) Integer.BYTES * RowKernels.SUMMARY * positions);
        this.table = new IntTable(device);
    }

    /** Whether scores of this kind have room. */
    boolean fits(int positions, int rows) {
        return scores.rows() >= positions && scores.columns() == rows;
    }

    DeviceRows inputs(int positions) {
        return inputs.rows(0, positions);
    }

    DeviceRows translated(int positions) {
        return translated.rows(0, positions);
    }

    /** Room for scores; those that were there are gone. */
    DeviceRows scores(int positions) {
        read = null;
        return scores.rows(0, positions);
    }

    Buffer summaries() {
        return summaries;
    }

    IntTable table() {
        return table;
    }

    Summary summary(int position) {
        if (read == null) {
            int[] all = new int[RowKernels.SUMMARY * scores.rows()];
            stack.read(summaries, MemorySegment.ofArray(all));
            read = all;
        }
        int at = RowKernels.SUMMARY * position;
        return new Summary(
                Float.intBitsToFloat(read[at]),
                read[at + 1],
                Float.intBitsToFloat(read[at + 2]),
                Float.intBitsToFloat(read[at + 3]));
    }

    float[] values(int position) {
        float[] values = new float[scores.columns()];
        stack.read(scores, position, values);
        return values;
    }

    @Override
    public void close() {
        inputs.close();
        translated.close();
        scores.close();
        summaries.close();
        table.close();
    }
}
