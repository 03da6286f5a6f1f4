package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;

/**
 * A weight repacked into f32 panels: {@link Lanes#PANEL} rows a panel, and inside it column by column, so that one
 * column of a panel is two vectors. The last panel is filled up with zero rows.
 *
 * @param panels f32, [ceil(rows / PANEL), columns, PANEL]
 */
record PanelWeight(MemorySegment panels, int rows, int columns) implements Weight {
    @Override
    public long bytes() {
        return panels.byteSize();
    }

    @Override
    public Weight rows(int from, int to) {
        Shapes.rows(this, from, to);
        int count = Math.ceilDiv(to - from, Lanes.PANEL);
        return new PanelWeight(panels.asSlice(panel(from / Lanes.PANEL), panel(count)), to - from, columns);
    }

    int panelCount() {
        return Math.ceilDiv(rows, Lanes.PANEL);
    }

    /** Byte offset of a panel. */
    long panel(int index) {
        return (long) index * columns * Lanes.PANEL * Float.BYTES;
    }
}
