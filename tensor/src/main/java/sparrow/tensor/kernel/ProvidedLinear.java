package sparrow.tensor.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ConcurrentLinkedDeque;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/**
 * Computes linear layers with many rows using a {@link MatrixProvider}. Activations are rounded to bf16 once. A piece
 * of the weight is unpacked and rounded to scratch memory that stays in the cache while it is multiplied by all rows.
 * Weights are not copied, so memory is bounded by a few MiB per thread and a few MiB for the activations.
 */
final class ProvidedLinear {
    /**
     * Minimum numbers of rows and of multiply-adds for which the provider is faster, according to measurements
     * (docs/onednn.md). With fewer operations, calls and distribution take as much time as the product saves.
     */
    record Minimum(int rows, long work) {
        /** For vector instructions that multiply bf16. */
        static final Minimum VECTORS = new Minimum(32, 1 << 25);

        /** For tiles. With fewer rows, quantised weights are not unpacked in Java, which is faster. */
        static final Minimum TILES = new Minimum(VectorKernels.LANE_ROWS + 1, 1 << 22);
    }

    /**
     * Minimum number of outputs and of inputs. With fewer outputs or inputs, rounding and unpacking take as much time
     * as the product saves.
     */
    static final int MIN_SIDE = 256;

    /** Number of rows per piece. */
    private static final int ROWS = 512;

    /** Maximum number of outputs per piece. */
    private static final int OUTPUTS = 256;

    /** Number of columns per piece, chosen so that a piece's scratch memory fits in a second-level cache. */
    private static final int COLUMNS = PanelProducts.UNPACKED_COLUMNS;

    /** Number of rows that a thread rounds at a time. */
    private static final int ROUNDED_ROWS = 16;

    /** Maximum number of bytes of rounded activations stored at a time, unless {@link #ROWS} rows require more. */
    private static final long INPUT_BYTES = 16L << 20;

    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;

    private final MatrixProvider provider;
    private final Minimum minimum;
    private final ComputePool pool;

    /** Reusable memory for calling threads' rounded activations. */
    private final ConcurrentLinkedDeque<MemorySegment> inputs = new ConcurrentLinkedDeque<>();

    private final ConcurrentLinkedDeque<Scratch> scratches = new ConcurrentLinkedDeque<>();

    ProvidedLinear(MatrixProvider provider, ComputePool pool) {
        this.provider = provider;
        minimum = provider.hasTiles() ? Minimum.TILES : Minimum.VECTORS;
        this.pool = pool;
    }

    MatrixProvider provider() {
        return provider;
    }

    /** Returns whether a product with a number of rows can be large enough for the provider. */
    boolean accepts(int rows) {
        return rows >= minimum.rows();
    }

    /**
     * Returns whether a product is large enough for the provider. Stored matrices other than bf16 are multiplied in
     * Java.
     */
    boolean accepts(int rows, Weight w) {
        long work = (long) rows * w.rows() * w.columns();
        if (!accepts(rows) || Math.min(w.rows(), w.columns()) < MIN_SIDE || work < minimum.work()) return false;
        return switch (w) {
            case StoredWeight(Matrix matrix) ->
                matrix.dtype() == DType.BF16 && w.columns() % MatrixProvider.COLUMN_GROUP == 0;
            case PanelWeight _, QuantisedWeight _ -> true;
        };
    }

    /** Implements {@link Kernels#linear(Block, Weight, float[], Block)}. */
    void linear(Block x, Weight w, float[] bias, Block y) {
        int width = padded(w.columns());
        int maxRows = Math.max(ROWS, (int) (INPUT_BYTES / (2L * width) / ROWS) * ROWS);
        for (int r = 0; r < x.rows(); r += maxRows) {
            int end = Math.min(x.rows(), r + maxRows);
            MemorySegment rounded = acquireInputs(2L * (end - r) * width);
            try {
                Inputs some = new Inputs(rounded, x.rows(r, end));
                pool.forEach(Math.ceilDiv(end - r, ROUNDED_ROWS), some::round);
                multiply(some, w, bias, y.rows(r, end));
            } finally {
                inputs.push(rounded);
            }
        }
    }

    private void multiply(Inputs x, Weight w, float[] bias, Block y) {
        int outputs = outputsOfAPiece(w.rows(), x.blocks());
        int across = Math.ceilDiv(w.rows(), outputs);
        pool.forEach(across * x.blocks(), piece -> {
            Scratch scratch = scratches.poll();
            if (scratch == null) scratch = new Scratch();
            try {
                int first = piece % across * outputs;
                int end = Math.min(w.rows(), first + outputs);
                multiply(x, piece / across, w, first, end, bias, y, scratch);
            } finally {
                scratches.push(scratch);
            }
        });
    }

    /**
     * Returns the number of outputs per piece. It is the largest number whose scratch memory fits in the cache, or less
     * if threads would be idle.
     */
    private int outputsOfAPiece(int outputs, int blocks) {
        int some = OUTPUTS;
        while (some > MatrixProvider.OUTPUT_GROUP && Math.ceilDiv(outputs, some) * blocks < 4 * pool.threads())
            some /= 2;
        return some;
    }

    private void multiply(Inputs x, int block, Weight w, int first, int end, float[] bias, Block y, Scratch scratch) {
        int rows = x.rowsOf(block);
        int outputs = end - first;
        for (int r = 0; r < rows; r++) {
            MemorySegment row = scratch.sums.asSlice(4L * r * outputs, 4L * outputs);
            if (bias == null) row.fill((byte) 0);
            else MemorySegment.copy(bias, first, row, F32, 0, outputs);
        }
        for (int c = 0; c < w.columns(); c += COLUMNS) {
            int to = Math.min(w.columns(), c + COLUMNS);
            MemorySegment columns = x.columns(block, c, padded(to));
            switch (w) {
                case StoredWeight(Matrix matrix) ->
                    provider.multiply(
                            MatrixProvider.Shape.rows(rows, to - c, outputs, w.columns()),
                            columns,
                            matrix.data().asSlice(first * matrix.rowBytes() + 2L * c),
                            scratch.sums);
                case PanelWeight _, QuantisedWeight _ -> {
                    for (int o = first; o < end; o += MatrixProvider.OUTPUT_GROUP) {
                        unpack(w, o, c, to, scratch, 2L * (o - first) * padded(to - c));
                    }
                    provider.multiply(
                            MatrixProvider.Shape.pairs(rows, padded(to - c), outputs),
                            columns,
                            scratch.weights,
                            scratch.sums);
                }
            }
        }
        int from = x.firstRow(block);
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(scratch.sums, F32, 4L * r * outputs, y.data(), y.row(from + r) + first, outputs);
        }
    }

    /** Writes columns of 64 outputs, rounded to bf16, to the scratch memory in pairs. */
    private static void unpack(Weight w, int first, int column, int end, Scratch scratch, long at) {
        int columns = end - column;
        if (columns % MatrixProvider.COLUMN_GROUP != 0) {
            scratch.weights
                    .asSlice(at, 2L * MatrixProvider.OUTPUT_GROUP * padded(columns))
                    .fill((byte) 0);
        }
        switch (w) {
            case QuantisedWeight quantised ->
                QuantisedPacking.unpackPairs(quantised, first, column, end, scratch.weights, at);
            case PanelWeight packed -> {
                // Rows after the last row contain the numbers of an earlier piece, but their outputs are never read.
                int rows = Math.min(MatrixProvider.OUTPUT_GROUP, packed.rows() - first);
                for (int o = 0; o < rows; o += Lanes.PANEL) {
                    packed.unpackPairs((first + o) / Lanes.PANEL, column, end, scratch.weights, at + 4L * o);
                }
            }
            case StoredWeight _ -> throw new IllegalArgumentException("a stored matrix is not unpacked");
        }
    }

    private static int padded(int columns) {
        return Math.ceilDiv(columns, MatrixProvider.COLUMN_GROUP) * MatrixProvider.COLUMN_GROUP;
    }

    private MemorySegment acquireInputs(long bytes) {
        MemorySegment free = inputs.poll();
        // The garbage collector frees a segment that is too small.
        if (free != null && free.byteSize() >= bytes) return free;
        return Arena.ofAuto().allocate(Math.max(1 << 20, Long.highestOneBit(bytes) << 1), 64);
    }

    /**
     * Activations as bf16. The activations are split into blocks with nearly equal numbers of rows, and each block is
     * split into runs of columns, so that a piece's rows are contiguous, [blocks, runs, rows, columns of the run].
     */
    private record Inputs(MemorySegment memory, Block x) {
        int blocks() {
            return Math.ceilDiv(x.rows(), ROWS);
        }

        /** Returns the number of rows of every block except the last. */
        private int tall() {
            return Math.ceilDiv(x.rows(), blocks());
        }

        int firstRow(int block) {
            return block * tall();
        }

        int rowsOf(int block) {
            return Math.min(x.rows(), firstRow(block) + tall()) - firstRow(block);
        }

        /** Returns columns {@code from} to {@code to} of all rows of a block. */
        MemorySegment columns(int block, int from, int to) {
            int width = padded(x.columns());
            long start = (long) firstRow(block) * width + (long) rowsOf(block) * from;
            return memory.asSlice(2 * start, 2L * rowsOf(block) * (to - from));
        }

        /** Rounds one of the groups of {@link #ROUNDED_ROWS} rows. */
        void round(int group) {
            int end = Math.min(x.rows(), (group + 1) * ROUNDED_ROWS);
            for (int r = group * ROUNDED_ROWS; r < end; r++) {
                int block = r / tall();
                int row = r - firstRow(block);
                for (int c = 0; c < x.columns(); c += COLUMNS) {
                    int n = Math.min(COLUMNS, x.columns() - c);
                    int width = padded(n);
                    BrainFloats.row(
                            x.data(), x.row(r) + c, n, width - n, columns(block, c, c + width), 2L * row * width);
                }
            }
        }
    }

    /** Scratch memory of one piece. The garbage collector frees it. */
    private static final class Scratch {
        final MemorySegment weights;
        final MemorySegment sums;

        Scratch() {
            Arena arena = Arena.ofAuto();
            weights = arena.allocate(2L * COLUMNS * OUTPUTS, 64);
            sums = arena.allocate(4L * ROWS * OUTPUTS, 64);
        }
    }
}
