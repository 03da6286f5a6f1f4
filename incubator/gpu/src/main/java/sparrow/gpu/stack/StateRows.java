package sparrow.gpu.stack;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.NoMemoryException;
import sparrow.gpu.kernel.DeviceRows;

/**
 * Memory for the states of positions. Each state has a row, which is reused after the state becomes unreachable. The
 * memory grows by doubling. Except for {@link #give}, the stack's lock must be held.
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

    /** Returns all rows, [any, width]. */
    DeviceRows rows() {
        return rows;
    }

    int take() {
        Integer given = free.poll();
        if (given != null) return given;
        if (used < rows.rows() || grow()) return used++;
        if (ReleaseQueue.collectUntil(() -> !free.isEmpty() || grow())) return take();
        throw new NoMemoryException(
                device.info().name() + " has no memory for states of more than " + used + " positions");
    }

    /** Allocates memory for twice the number of rows. Returns false if the device does not have enough memory. */
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

    /** Releases a row, which work enqueued later may overwrite. Thread-safe. */
    void give(int row) {
        free.push(row);
    }

    void copy(int from, int to) {
        long bytes = (long) Float.BYTES * rows.pitch();
        device.queue().copy(rows.buffer(), from * bytes, rows.buffer(), to * bytes, bytes);
    }

    int held() {
        return used - free.size();
    }
}
