package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;

/** Keys and values in fewer bits than they are multiplied in: attention widens some of them at a time. */
abstract sealed class NarrowKvPanels extends KvPanels permits F16KvPanels, Q8KvPanels {
    NarrowKvPanels(int heads, int headWidth, int lanes, KvFormat format) {
        super(heads, headWidth, lanes, format);
    }

    /**
     * Widens numbers that lie one after the other.
     *
     * @param from {@link #keys()} or {@link #values()}, from byte {@code at} on
     * @param n a multiple of {@link Lanes#PANEL}
     * @param to f32, from its beginning on
     */
    abstract void widen(MemorySegment from, long at, int n, MemorySegment to);
}
