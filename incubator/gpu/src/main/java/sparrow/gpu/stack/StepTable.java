package sparrow.gpu.stack;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import sparrow.engine.transformer.PassPosition;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.kernel.RowTable;

/**
 * The ints that differ between passes, as read by kernels. For n rows, the table contains their state rows, the indices
 * of their page lists, their slots in each layer of the pass, and the page lists.
 */
final class StepTable implements AutoCloseable {
    private final IntTable table;
    private Buffer buffer;
    private int rows;
    private int first;
    private int most;

    StepTable(Device device) {
        this.table = new IntTable(device);
    }

    /**
     * Reserves memory for the keys and values of the rows, and writes the table. The stack's lock must be held.
     *
     * @param first first layer, from 1
     * @param last last layer
     * @param positions number of positions per page
     */
    void fill(List<? extends PassPosition> passed, int first, int last, int positions) {
        this.rows = passed.size();
        this.first = first;
        this.most = 0;
        table.clear();
        for (PassPosition row : passed) table.add(((DeviceState) row.state()).place());
        int lists = table.size();
        for (int r = 0; r < rows; r++) table.add(0);
        for (int layer = first; layer <= last; layer++) {
            for (PassPosition row : passed) {
                int slot = row.slot(layer);
                ((DeviceKvMemory) row.memory()).extend(layer, slot, positions);
                most = Math.max(most, slot);
                table.add(slot);
            }
        }
        Map<DeviceKvMemory, Integer> known = new IdentityHashMap<>();
        for (int r = 0; r < rows; r++) {
            table.set(
                    lists + r,
                    known.computeIfAbsent((DeviceKvMemory) passed.get(r).memory(), this::list));
        }
        buffer = table.write();
    }

    /** Adds the page list of a sequence, and returns its index. */
    private int list(DeviceKvMemory memory) {
        int start = table.size();
        PageList pages = memory.pages();
        for (int i = 0; i < pages.count(); i++) table.add(pages.get(i));
        return start;
    }

    Buffer buffer() {
        return buffer;
    }

    /** Returns the index of the rows' states. */
    int states() {
        return 0;
    }

    /** Returns the table of {@code count} rows, starting at row {@code from}, as an argument of attention kernels. */
    RowTable rows(int from, int count) {
        return new RowTable(buffer, count, rows + from);
    }

    /** Returns the index of the slots in a layer for the rows starting at {@code from}. */
    int slots(int layer, int from) {
        return rows * (2 + layer - first) + from;
    }

    /** Returns the highest slot of a row in any layer. */
    int most() {
        return most;
    }

    @Override
    public void close() {
        table.close();
    }
}
