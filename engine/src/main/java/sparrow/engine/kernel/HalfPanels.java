package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import sparrow.engine.tensor.Matrix;

/**
 * Panels of 16-bit numbers, packed as they are stored and widened to f32 panels on the way to a product. A widened panel
 * stays in the cache while all rows are multiplied with it, so that the products are those of the f32 numbers to the bit.
 */
final class HalfPanels {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LE);
    private static final long VECTOR = 4L * Lanes.COUNT;

    private HalfPanels() {}

    /** Packs matrix rows from {@code row} on into memory that is zero: so are the rows beyond the last. */
    static void pack(Matrix w, int row, MemorySegment panels, long at) {
        int rows = Math.min(Lanes.PANEL, w.rows() - row);
        for (int o = 0; o < rows; o++) {
            // Lane, then which half of its word.
            long to = at + 4L * (o % Lanes.COUNT) + 2L * (o / Lanes.COUNT);
            long from = (row + o) * w.rowBytes();
            for (int c = 0; c < w.columns(); c++, to += VECTOR)
                panels.set(I16, to, w.data().get(I16, from + 2L * c));
        }
    }

    /** Widens columns {@code column} to {@code end} (exclusive) of a panel into {@code panel}, f32 from its beginning on. */
    static void widen(PanelWeight w, int index, int column, int end, MemorySegment panel) {
        switch (w.numbers()) {
            case BF16 -> widenBf16(w.panels(), w.panel(index, column), end - column, panel);
            case F16 -> widenF16(w.panels(), w.panel(index, column), end - column, panel);
            case F32 -> throw new IllegalArgumentException("panels of f32");
        }
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
        return words.lanewise(VectorOperators.ASHR, 3)
                .and(0x8fffe000)
                .reinterpretAsFloats()
                .mul(0x1p112f);
    }
}
