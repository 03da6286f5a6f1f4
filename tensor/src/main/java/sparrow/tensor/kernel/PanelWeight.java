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
 * A weight repacked into panels: {@link Lanes#PANEL} rows a panel, and inside it column by column. A column of f32 is two
 * vectors. One of 16 bits is a vector of 32-bit words, the first half of the rows in their lower halves and the second in
 * their upper ones. The last panel is filled up with zero rows.
 *
 * <p>Panels of 16 bits are widened to f32 panels on the way to a product. A widened panel stays in the cache while all rows
 * are multiplied with it, so that the products are those of the f32 numbers to the bit.
 *
 * @param panels [ceil(rows / PANEL), columns, PANEL]
 * @param dtype of the numbers: f32, f16 or bf16
 */
record PanelWeight(MemorySegment panels, DType dtype, int rows, int columns) implements Weight {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LE);
    private static final long VECTOR = 4L * Lanes.COUNT;

    /** All panels of a matrix as f32, in memory of {@code arena}. */
    static PanelWeight pack(Matrix w, Arena arena, ComputePool pool) {
        PanelWeight packed = allocate(w, DType.F32, arena);
        pool.forEach(packed.panelCount(), p -> Panels.packMatrix(w, p * Lanes.PANEL, packed.panels, packed.panel(p)));
        return packed;
    }

    /** All panels of a matrix of 16-bit numbers as they are, in memory of {@code arena}. */
    static PanelWeight packHalves(Matrix w, Arena arena, ComputePool pool) {
        PanelWeight packed = allocate(w, w.dtype(), arena);
        pool.forEach(packed.panelCount(), p -> packed.packHalves(w, p));
        return packed;
    }

    private static PanelWeight allocate(Matrix w, DType dtype, Arena arena) {
        long numbers = (long) Math.ceilDiv(w.rows(), Lanes.PANEL) * w.columns() * Lanes.PANEL;
        return new PanelWeight(arena.allocate(dtype.bytes(Math.max(1, numbers)), 64), dtype, w.rows(), w.columns());
    }

    /** Fresh memory is zero: so are the rows beyond the last. */
    private void packHalves(Matrix w, int index) {
        int first = index * Lanes.PANEL;
        int rows = Math.min(Lanes.PANEL, w.rows() - first);
        for (int o = 0; o < rows; o++) {
            // Lane, then which half of its word.
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

    /** True if panels are multiplied as they lie; others are widened first. */
    boolean isWide() {
        return dtype == DType.F32;
    }

    int panelCount() {
        return Math.ceilDiv(rows, Lanes.PANEL);
    }

    /** Byte offset of a panel. */
    long panel(int index) {
        return panel(index, 0);
    }

    /** Byte offset of a column of a panel. */
    long panel(int index, int column) {
        return dtype.bytes(((long) index * columns + column) * Lanes.PANEL);
    }

    /**
     * Widens columns {@code column} to {@code end} (exclusive) of a panel of 16 bits into {@code panel}, from its
     * beginning on.
     */
    void widen(int index, int column, int end, MemorySegment panel) {
        if (dtype == DType.BF16) widenBf16(panels, panel(index, column), end - column, panel);
        else widenF16(panels, panel(index, column), end - column, panel);
    }

    /** f32's upper half. Stored as floats: the JIT does worse with vectors of int stored where floats are read. */
    private static void widenBf16(MemorySegment panels, long at, int columns, MemorySegment panel) {
        for (long to = 0; to < 2 * VECTOR * columns; at += VECTOR, to += 2 * VECTOR) {
            IntVector words = IntVector.fromMemorySegment(Lanes.I32, panels, at, LE);
            words.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoMemorySegment(panel, to, LE);
            words.and(0xffff0000).reinterpretAsFloats().intoMemorySegment(panel, to + VECTOR, LE);
        }
    }

    /** As {@link F16Dots} does. */
    private static void widenF16(MemorySegment panels, long at, int columns, MemorySegment panel) {
        for (long to = 0; to < 2 * VECTOR * columns; at += VECTOR, to += 2 * VECTOR) {
            IntVector words = IntVector.fromMemorySegment(Lanes.I32, panels, at, LE);
            f16(words.lanewise(VectorOperators.LSHL, 16)).intoMemorySegment(panel, to, LE);
            f16(words).intoMemorySegment(panel, to + VECTOR, LE);
        }
    }

    /** The f16 numbers in the upper halves of words. */
    private static FloatVector f16(IntVector words) {
        IntVector shifted = words.lanewise(VectorOperators.ASHR, 3).and(F16Dots.ODD);
        return shifted.reinterpretAsFloats().mul(Lanes.F16_REBIAS);
    }
}
