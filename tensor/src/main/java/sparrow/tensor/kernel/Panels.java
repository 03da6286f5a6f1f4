package sparrow.tensor.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;
import sparrow.tensor.Matrix;

/** Packs matrix rows or rows of activations into the panels that {@link Tiles} multiplies. */
final class Panels {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /** Reusable scratch memory for panels that are packed during a product, one per computing thread. */
    private final ConcurrentLinkedDeque<MemorySegment> scratch = new ConcurrentLinkedDeque<>();

    /** Packs the matrix rows that begin at {@code row}. Rows after the last row are zero. */
    static void packMatrix(Matrix w, int row, MemorySegment panel) {
        float[] values = new float[w.columns()];
        for (int o = 0; o < Lanes.PANEL; o++) {
            if (row + o < w.rows()) w.row(row + o, values, 0);
            else Arrays.fill(values, 0);
            scatter(values, 0, values.length, panel, 4L * o);
        }
    }

    /** Packs the rows of activations that begin at {@code row} as if they were matrix rows. */
    static void packRows(Block b, int row, MemorySegment panel) {
        float[] zeros = row + Lanes.PANEL > b.rows() ? new float[b.columns()] : null;
        for (int o = 0; o < Lanes.PANEL; o++) {
            if (row + o < b.rows()) scatter(b.data(), b.row(row + o), b.columns(), panel, 4L * o);
            else scatter(zeros, 0, b.columns(), panel, 4L * o);
        }
    }

    /** Writes a row to one lane of a panel, with one value per column. */
    private static void scatter(float[] row, int from, int n, MemorySegment panel, long at) {
        for (int c = 0; c < n; c++) panel.set(F32, at + 4L * c * Lanes.PANEL, row[from + c]);
    }

    /**
     * Unpacks columns {@code column} to {@code end} (exclusive) of a panel into the rows of y that begin at
     * {@code row}.
     */
    static void unpack(MemorySegment panel, long at, Block y, int row, int column, int end) {
        int rows = Math.min(Lanes.PANEL, y.rows() - row);
        for (int c = column; c < end; c++, at += 4L * Lanes.PANEL) {
            for (int o = 0; o < rows; o++) y.data()[y.row(row + o) + c] = panel.get(F32, at + 4L * o);
        }
    }

    /** Packs the columns of activations that begin at {@code column}. The columns are the outputs. */
    static void packColumns(Block b, int column, MemorySegment panel) {
        int inside = Math.min(Lanes.PANEL, b.columns() - column);
        for (int k = 0; k < b.rows(); k++) {
            long at = 4L * k * Lanes.PANEL;
            MemorySegment.copy(b.data(), b.row(k) + column, panel, F32, at, inside);
            if (inside < Lanes.PANEL)
                panel.asSlice(at + 4L * inside, 4L * (Lanes.PANEL - inside)).fill((byte) 0);
        }
    }

    /** Takes scratch memory for one panel. The memory must be returned with {@link #release}. */
    MemorySegment take(int columns) {
        long bytes = 4L * Math.max(1, columns) * Lanes.PANEL;
        MemorySegment free = scratch.poll();
        if (free != null && free.byteSize() >= bytes) return free;
        // Allocate larger memory for the lifetime of the process. Because sizes are powers of two, only a few segments
        // become too small.
        return Arena.global().allocate(Math.max(1 << 16, Long.highestOneBit(bytes) << 1), 64);
    }

    void release(MemorySegment panel) {
        scratch.push(panel);
    }
}
