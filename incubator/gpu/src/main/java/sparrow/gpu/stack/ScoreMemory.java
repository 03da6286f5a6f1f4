package sparrow.gpu.stack;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.kernel.DeviceRows;
import sparrow.gpu.kernel.RowKernels;

/**
 * Memory for the scores of positions with a head of a given size. The summaries of all positions are read together. The
 * memory is released by {@link #close}, or when this object becomes unreachable.
 */
final class ScoreMemory implements AutoCloseable {
    private final GpuStack stack;
    private final Given given;
    private final DeviceRows inputs;
    private final DeviceRows translated;
    private final DeviceRows scores;
    private final Buffer summaries;
    private final IntTable table;

    /** Summaries of the current scores, or null until they are read. */
    private int[] read;

    /**
     * The summary of a position's scores, for the choice of a token.
     *
     * @param largest largest score
     * @param token token with the largest score
     * @param sum sum of e^(score - largest)
     * @param weighted sum of e^(score - largest) (score - largest)
     */
    record Summary(float largest, int token, float sum, float weighted) {}

    ScoreMemory(GpuStack stack, Device device, int positions, int width, int rows) {
        this.stack = stack;
        Pieces pieces = new Pieces(device);
        this.inputs = pieces.rows(positions, width);
        this.translated = pieces.rows(positions, width);
        this.scores = pieces.rows(positions, rows);
        this.summaries = pieces.buffer((long) Integer.BYTES * RowKernels.SUMMARY * positions);
        this.table = new IntTable(device, pieces.buffer(IntTable.FIRST_BYTES));
        this.given = new Given(pieces, table);
        stack.releaseWith(this, given);
    }

    private record Given(Pieces pieces, IntTable table) implements Runnable {
        @Override
        public void run() {
            pieces.close();
            table.close();
        }
    }

    /** Returns whether the memory has space for the given numbers of positions and rows. */
    boolean fits(int positions, int rows) {
        return scores.rows() >= positions && scores.columns() == rows;
    }

    DeviceRows inputs(int positions) {
        return inputs.rows(0, positions);
    }

    DeviceRows translated(int positions) {
        return translated.rows(0, positions);
    }

    /** Returns memory for scores; previous scores become invalid. */
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
            Reference.reachabilityFence(this);
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
        Reference.reachabilityFence(this);
        return values;
    }

    @Override
    public void close() {
        given.run();
    }
}
