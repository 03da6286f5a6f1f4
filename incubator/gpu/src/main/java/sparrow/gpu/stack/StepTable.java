package sparrow.gpu.stack;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import sparrow.engine.transformer.PassPosition;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.kernel.RowTable;

/**
 * The numbers that change from pass to pass, as kernels look them up: of n rows the rows of their states, the beginnings of
 * their lists of pages, their slots in each layer of the pass, then the lists.
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
     * Makes room for the keys and values that the rows append, and writes the table; under the stack's lock.
     *
     * @param first layer, from 1
     * @param last layer
     * @param positions of a page
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

    /** Adds a sequence's list of pages, and returns the index of its first one. */
    private int list(DeviceKvMemory memory) {
        int start = table.size();
        PageList pages = memory.pages();
        for (int i = 0; i < pages.count(); i++) table.add(pages.get(i));
        return start;
    }

    Buffer buffer() {
        return buffer;
    }

    /** Index of the rows' states. */
    int states() {
        return 0;
    }

    /** The table of some of the rows, as kernels of attention take it. */
    RowTable rows(int from, int count) {
        return new RowTable(buffer, count, rows + from);
    }

    /** Index of the slots of some rows in a layer. */
    int slots(int layer, int from) {
        return rows * (2 + layer - first) + from;
    }

    /** The highest slot of a row in any layer. */
    int most() {
        return most;
    }

    @Override
    public void close() {
        table.close();
    }
}
