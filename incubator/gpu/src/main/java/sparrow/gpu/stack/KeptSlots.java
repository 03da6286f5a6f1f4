package sparrow.gpu.stack;

import java.util.List;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.Span;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.kernel.DeviceRows;

/**
 * The slots of a sequence that remain after other slots are removed. Pages before the first moved slot do not change.
 * Later pages are replaced by new pages, because other sequences may share them.
 *
 * @param kept remaining spans in order
 * @param positions number of positions per page
 */
record KeptSlots(List<Span> kept, int positions) {
    /** Moves the slots, and changes the page list to contain only the remaining slots. */
    void move(Device device, PageList list, KvPages pages, StackKernels kernels, IntTable table, Rope rope) {
        int total = Span.length(kept);
        int first = firstMoved() / positions;
        if (firstMoved() == total) {
            list.shorten(Math.ceilDiv(total, positions));
            return;
        }
        int[] fresh = new int[Math.ceilDiv(total, positions) - first];
        take(fresh, pages);
        table.clear();
        int to = 0;
        for (int s = 0; s < kept.size(); s++) {
            Span span = kept.get(s);
            for (int slot = span.first(); slot < span.end(); slot++, to++) {
                if (to / positions < first) continue;
                table.add(list.get(slot / positions));
                table.add(slot % positions);
                table.add(fresh[to / positions - first]);
                table.add(to % positions);
                // A slot that does not move keeps its exact bits.
                table.add(slot == to ? -1 : s);
            }
        }
        int moves = table.size() / 5;
        Buffer written = table.write();
        try (DeviceRows turns = turns(device, rope)) {
            kernels.attention().move(written, 0, moves, turns, pages.pool());
        }
        list.replace(first, fresh);
    }

    /** Reserves a page for each array element, or no page if a reservation fails. */
    private static void take(int[] fresh, KvPages pages) {
        int taken = 0;
        try {
            for (; taken < fresh.length; taken++) fresh[taken] = pages.take();
        } catch (RuntimeException e) {
            for (int i = 0; i < taken; i++) pages.release(fresh[i]);
            throw e;
        }
    }

    /** Returns the lowest slot whose content changes, or the number of slots if no content changes. */
    private int firstMoved() {
        int to = 0;
        for (Span span : kept) {
            if (to < span.first()) return to;
            to += span.length();
        }
        return to;
    }

    /** Returns one row per span, which rotates keys back by the distance that the span moves. */
    private DeviceRows turns(Device device, Rope rope) {
        DeviceRows turns = DeviceRows.allocate(device, kept.size(), Math.max(1, 2 * rope.dimensions()));
        int to = 0;
        for (int s = 0; s < kept.size(); s++) {
            if (rope.dimensions() > 0)
                turns.write(s, rope.angles(to - kept.get(s).first()), 0);
            to += kept.get(s).length();
        }
        return turns;
    }
}
