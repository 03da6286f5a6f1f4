package sparrow.tensor.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;
import sparrow.tensor.Matrix;

/** Packs rows of a matrix, or of activations, into the panels that {@link Tiles} multiply with. */
final class Panels {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /** Scratch for panels that are packed on the fly; one piece per thread that computes, kept for the next use. */
    private final ConcurrentLinkedDeque<MemorySegment> scratch = new ConcurrentLinkedDeque<>();

    /** Packs matrix rows from {@code row} on; rows beyond the last become zeros. */
    static void packMatrix(Matrix w, int row, MemorySegment panel, long at) {
        float[] values = new float[w.columns()];
        for (int o = 0; o < Lanes.PANEL; o++) {
            if (row + o < w.rows()) w.row(row + o, values, 0);
            else Arrays.fill(values, 0);
            scatter(values, 0, values.length, panel, at + 4L * o);
        }
    }

    /** Packs rows of activations from {@code row} on, as if they were rows of a matrix. */
    static void packRows(Block b, int row, MemorySegment panel) {
        float[] zeros = row + Lanes.PANEL > b.rows() ? new float[b.columns()] : null;
        for (int o = 0; o < Lanes.PANEL; o++) {
            if (row + o < b.rows()) scatter(b.data(), b.row(row + o), b.columns(), panel, 4L * o);
            else scatter(zeros, 0, b.columns(), panel, 4L * o);
        }
    }

    /** Writes a row down one lane of a panel: one value per column. */
    private static void scatter(float[] row, int from, int n, MemorySegment panel, long at) {
        for (int c = 0; c < n; c++) panel.set(F32, at + 4L * c * Lanes.PANEL, row[from + c]);
    }

    /** Writes a panel of columns {@code column} to {@code end} (exclusive) back as rows of y, from {@code row} on. */
    static void unpack(MemorySegment panel, long at, Block y, int row, int column, int end) {
        int rows = Math.min(Lanes.PANEL, y.rows() - row);
        for (int c = column; c < end; c++, at += 4L * Lanes.PANEL) {
            for (int o = 0; o < rows; o++) y.data()[y.row(row + o) + c] = panel.get(F32, at + 4L * o);
        }
    }

    /** Packs columns of activations from {@code column} on: the columns are the outputs. */
    static void packColumns(Block b, int column, MemorySegment panel) {
        int inside = Math.min(Lanes.PANEL, b.columns() - column);
        for (int k = 0; k < b.rows(); k++) {
            long at = 4L * k * Lanes.PANEL;
            MemorySegment.copy(b.data(), b.row(k) + column, panel, F32, at, inside);
            if (inside < Lanes.PANEL)
                panel.asSlice(at + 4L * inside, 4L * (Lanes.PANEL - inside)).fill((byte) 0);
        }
    }

    /** Takes scratch memory for one panel; give it back with {@link #release}. */
    MemorySegment take(int columns) {
        long bytes = 4L * Math.max(1, columns) * Lanes.PANEL;
        MemorySegment free = scratch.poll();
        if (free != null && free.byteSize() >= bytes) return free;
        // Too small or none: a larger one for the rest of the run. Sizes double, so that few are left behind.
        return Arena.global().allocate(Math.max(1 << 16, Long.highestOneBit(bytes) << 1), 64);
    }

    void release(MemorySegment panel) {
        scratch.push(panel);
    }
}
