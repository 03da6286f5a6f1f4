package sparrow.gpu.stack;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.NoMemoryException;
import sparrow.gpu.kernel.DeviceRows;

/**
 * Memory for the states of positions: a row each, which is used again once no reference to its state is left. Grows by
 * doubling. To be used under the stack's lock, but for {@link #give}.
 */
final class StateRows {
    private static final int FIRST = 64;

    private final Device device;
    private final Deque<Integer> free = new ConcurrentLinkedDeque<>();
    private DeviceRows rows;
    private int used;

    StateRows(Device device, int width) {
        this.device = device;
        this.rows = DeviceRows.allocate(device, FIRST, width);
    }

    /** All rows, [any, width]. */
    DeviceRows rows() {
        return rows;
    }

    /** A row for a state. */
    int take() {
        Integer given = free.poll();
        if (given != null) return given;
        if (used < rows.rows() || grow()) return used++;
        if (ReleaseQueue.collectUntil(() -> !free.isEmpty() || grow())) return take();
        throw new NoMemoryException(
                device.info().name() + " has no memory for states of more than " + used + " positions");
    }

    /** Takes memory for twice as many rows; false if there is none. */
    private boolean grow() {
        try {
            DeviceRows more = DeviceRows.allocate(device, 2 * rows.rows(), rows.columns());
            try {
                device.queue()
                        .copy(rows.buffer(), 0, more.buffer(), 0, rows.buffer().bytes());
            } catch (RuntimeException e) {
                more.close();
                throw e;
            }
            rows.close();
            rows = more;
            return true;
        } catch (NoMemoryException e) {
            return false;
        }
    }

    /** Takes a row back; work that is enqueued from now on may write over it. Any thread. */
    void give(int row) {
        free.push(row);
    }

    /** Copies a row. */
    void copy(int from, int to) {
        long bytes = (long) Float.BYTES * rows.pitch();
        device.queue().copy(rows.buffer(), from * bytes, rows.buffer(), to * bytes, bytes);
    }

    /** The number of rows that were not given back. */
    int held() {
        return used - free.size();
    }
}
