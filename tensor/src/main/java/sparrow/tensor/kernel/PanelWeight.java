package sparrow.tensor.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/**
 * A weight repacked into panels of {@link Lanes#PANEL} rows, each stored column by column. An f32 column consists of
 * two vectors. A 16-bit column consists of one vector of 32-bit words, whose lower halves contain the first half of the
 * rows and whose upper halves contain the second half. The last panel is padded with zero rows.
 *
 * <p>16-bit panels are widened to f32 before they are multiplied. A widened panel stays in the cache while it is
 * multiplied by all rows. The products are bit-identical to products with an f32 weight that contains the same numbers.
 *
 * @param panels panels of the matrix, [ceil(rows / PANEL), columns, PANEL]
 * @param dtype type of the numbers: f32, f16 or bf16
 */
record PanelWeight(MemorySegment panels, DType dtype, int rows, int columns) implements Weight {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LE);
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LE);
    private static final long VECTOR = 4L * Lanes.COUNT;

    /** Packs a matrix as f32 in memory allocated from {@code arena}. */
    static PanelWeight pack(Matrix w, Arena arena, ComputePool pool) {
        PanelWeight packed = allocate(w, DType.F32, arena);
        pool.forEach(packed.panelCount(), p -> packed.packFloats(w, p));
        return packed;
    }

    /** Packs a matrix of 16-bit numbers, without widening them, in memory allocated from {@code arena}. */
    static PanelWeight packHalves(Matrix w, Arena arena, ComputePool pool) {
        PanelWeight packed = allocate(w, w.dtype(), arena);
        pool.forEach(packed.panelCount(), p -> packed.packHalves(w, p));
        return packed;
    }

    private static PanelWeight allocate(Matrix w, DType dtype, Arena arena) {
        long numbers = (long) Math.ceilDiv(w.rows(), Lanes.PANEL) * w.columns() * Lanes.PANEL;
        return new PanelWeight(arena.allocate(dtype.bytes(Math.max(1, numbers)), 64), dtype, w.rows(), w.columns());
    }

    /**
     * Packs one panel, in an array that is copied at the end: until the JIT has compiled the loop, this is many times
     * faster than writing each number to memory.
     */
    private void packFloats(Matrix w, int index) {
        int first = index * Lanes.PANEL;
        int rows = Math.min(Lanes.PANEL, w.rows() - first);
        float[] row = new float[columns];
        float[] panel = new float[Math.multiplyExact(columns, Lanes.PANEL)];
        for (int o = 0; o < rows; o++) {
            w.row(first + o, row, 0);
            scatter(row, panel, o);
        }
        MemorySegment.copy(panel, 0, panels, F32, panel(index), panel.length);
    }

    /** Writes a row to one lane of a panel. A separate method, because the JIT compiles short loops sooner. */
    private static void scatter(float[] row, float[] panel, int lane) {
        for (int c = 0, to = lane; c < row.length; c++, to += Lanes.PANEL) panel[to] = row[c];
    }

    /** Packs one panel. Rows after the last row remain zero because new memory is zeroed. */
    private void packHalves(Matrix w, int index) {
        int first = index * Lanes.PANEL;
        int rows = Math.min(Lanes.PANEL, w.rows() - first);
        for (int o = 0; o < rows; o++) {
            // The first term selects the lane, and the second term selects the half of its word.
            long to = panel(index) + 4L * (o % Lanes.COUNT) + 2L * (o / Lanes.COUNT);
            long from = (first + o) * w.rowBytes();
            for (int c = 0; c < w.columns(); c++, to += VECTOR)
                panels.set(I16, to, w.data().get(I16, from + 2L * c));
        }
    }

    @Override
    public long bytes() {
        return panels.byteSize();
    }

    @Override
    public Weight rows(int from, int to) {
        Shapes.rows(this, from, to);
        int count = Math.ceilDiv(to - from, Lanes.PANEL);
        return new PanelWeight(panels.asSlice(panel(from / Lanes.PANEL), panel(count)), dtype, to - from, columns);
    }

    /** Returns whether panels contain f32 numbers. Other panels are widened before they are multiplied. */
    boolean isWide() {
        return dtype == DType.F32;
    }

    int panelCount() {
        return Math.ceilDiv(rows, Lanes.PANEL);
    }

    /** Returns the byte offset of a panel. */
    long panel(int index) {
        return panel(index, 0);
    }

    /** Returns the byte offset of a panel's column. */
    long panel(int index, int column) {
        return dtype.bytes(((long) index * columns + column) * Lanes.PANEL);
    }

    /**
     * Widens columns {@code column} to {@code end} (exclusive) of a 16-bit panel and writes them to the beginning of
     * {@code panel}.
     */
    void widen(int index, int column, int end, MemorySegment panel) {
        if (dtype == DType.BF16) widenBf16(panels, panel(index, column), end - column, panel);
        else widenF16(panels, panel(index, column), end - column, panel);
    }

    /**
     * Widens bf16 numbers, which are the upper halves of f32 numbers. The vectors are stored as floats because the JIT
     * produces worse code if memory is written as ints and read as floats.
     */
    private static void widenBf16(MemorySegment panels, long at, int columns, MemorySegment panel) {
        for (long to = 0; to < 2 * VECTOR * columns; at += VECTOR, to += 2 * VECTOR) {
            IntVector words = IntVector.fromMemorySegment(Lanes.I32, panels, at, LE);
            words.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoMemorySegment(panel, to, LE);
            words.and(0xffff0000).reinterpretAsFloats().intoMemorySegment(panel, to + VECTOR, LE);
        }
    }

    /** Widens f16 numbers in the same way as {@link F16Dots}. */
    private static void widenF16(MemorySegment panels, long at, int columns, MemorySegment panel) {
        for (long to = 0; to < 2 * VECTOR * columns; at += VECTOR, to += 2 * VECTOR) {
            IntVector words = IntVector.fromMemorySegment(Lanes.I32, panels, at, LE);
            f16(words.lanewise(VectorOperators.LSHL, 16)).intoMemorySegment(panel, to, LE);
            f16(words).intoMemorySegment(panel, to + VECTOR, LE);
        }
    }

    /**
     * Writes columns {@code column} to {@code end} (exclusive) of a panel, rounded to bf16, in the layout
     * {@link MatrixProvider.Layout#PAIRS}. If the number of columns is odd, the last column is paired with zeros.
     *
     * @param to byte offset of the panel's rows in the first pair of columns
     */
    void unpackPairs(int index, int column, int end, MemorySegment pairs, long to) {
        long at = panel(index, column);
        switch (dtype) {
            case BF16 -> pairBf16(panels, at, end - column, pairs, to);
            case F16 -> pairF16(panels, at, end - column, pairs, to);
            default -> BrainFloats.pairs(panels, at, end - column, pairs, to);
        }
    }

    /** Pairs the columns of bf16 numbers, which are not rounded. */
    private static void pairBf16(MemorySegment panels, long at, int columns, MemorySegment pairs, long to) {
        for (int c = 0; c < columns; c += 2, at += 2 * VECTOR, to += BrainFloats.PAIR) {
            IntVector first = IntVector.fromMemorySegment(Lanes.I32, panels, at, LE);
            IntVector second = IntVector.zero(Lanes.I32);
            if (c + 1 < columns) second = IntVector.fromMemorySegment(Lanes.I32, panels, at + VECTOR, LE);
            first.and(0xffff).or(second.lanewise(VectorOperators.LSHL, 16)).intoMemorySegment(pairs, to, LE);
            first.lanewise(VectorOperators.LSHR, 16)
                    .or(second.and(BrainFloats.UPPER))
                    .intoMemorySegment(pairs, to + VECTOR, LE);
        }
    }

    /** Widens, rounds and pairs the columns of f16 numbers. */
    private static void pairF16(MemorySegment panels, long at, int columns, MemorySegment pairs, long to) {
        for (int c = 0; c < columns; c += 2, at += 2 * VECTOR, to += BrainFloats.PAIR) {
            IntVector first = IntVector.fromMemorySegment(Lanes.I32, panels, at, LE);
            IntVector second = IntVector.zero(Lanes.I32);
            if (c + 1 < columns) second = IntVector.fromMemorySegment(Lanes.I32, panels, at + VECTOR, LE);
            for (int half = 0; half < 2; half++) {
                IntVector lower = half == 0 ? first.lanewise(VectorOperators.LSHL, 16) : first;
                IntVector upper = half == 0 ? second.lanewise(VectorOperators.LSHL, 16) : second;
                lower = f16(lower).reinterpretAsInts().add(BrainFloats.HALF);
                upper = f16(upper).reinterpretAsInts().add(BrainFloats.HALF);
                lower.lanewise(VectorOperators.LSHR, 16)
                        .or(upper.and(BrainFloats.UPPER))
                        .intoMemorySegment(pairs, to + half * VECTOR, LE);
            }
        }
    }

    /** Returns the f16 numbers in the upper halves of words. */
    private static FloatVector f16(IntVector words) {
        IntVector shifted = words.lanewise(VectorOperators.ASHR, 3).and(F16Dots.ODD);
        return shifted.reinterpretAsFloats().mul(Lanes.F16_REBIAS);
    }
}
