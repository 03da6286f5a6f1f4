package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;

/**
 * A weight repacked into panels: {@link Lanes#PANEL} rows a panel, and inside it column by column. A column of f32 is two
 * vectors. One of 16 bits is a vector of 32-bit words, the first half of the rows in their lower halves and the second in
 * their upper ones. The last panel is filled up with zero rows.
 *
 * @param panels [ceil(rows / PANEL), columns, PANEL]
 * @param numbers what they are stored as
 */
record PanelWeight(MemorySegment panels, PlainFormat numbers, int rows, int columns) implements Weight {
    @Override
    public long bytes() {
        return panels.byteSize();
    }

    @Override
    public Weight rows(int from, int to) {
        Shapes.rows(this, from, to);
        int count = Math.ceilDiv(to - from, Lanes.PANEL);
        return new PanelWeight(panels.asSlice(panel(from / Lanes.PANEL), panel(count)), numbers, to - from, columns);
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
        return ((long) index * columns + column) * Lanes.PANEL * numbers.bytes();
    }
}
