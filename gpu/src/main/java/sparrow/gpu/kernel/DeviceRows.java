package sparrow.gpu.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;

/** Activations [rows, columns] in f32 on a device. Rows are padded with zeros, which nothing may write over. */
public final class DeviceRows implements AutoCloseable {
    /** What the distance of rows is a multiple of, in numbers: the columns of a block of quantised weights. */
    private static final int PADDING = 32;

    private final Device device;
    private final Buffer buffer;
    private final int rows;
    private final int columns;
    private final int pitch;

    private DeviceRows(Device device, Buffer buffer, int rows, int columns, int pitch) {
        this.device = device;
        this.buffer = buffer;
        this.rows = rows;
        this.columns = columns;
        this.pitch = pitch;
    }

    /**
     * Memory for rows of zeros.
     *
     * @param rows 1 or more
     * @param columns 1 or more
     */
    public static DeviceRows allocate(Device device, int rows, int columns) {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException("rows: expected sizes of 1 or more, got " + rows + " x " + columns);
        }
        int pitch = Math.multiplyExact(Math.ceilDiv(columns, PADDING), PADDING);
        Buffer buffer = device.allocate((long) Float.BYTES * rows * pitch);
        device.queue().clear(buffer, 0, buffer.bytes());
        return new DeviceRows(device, buffer, rows, columns, pitch);
    }

    /** Rows. */
    public int rows() {
        return rows;
    }

    /** Numbers of a row. */
    public int columns() {
        return columns;
    }

    /** From one row to the next, in numbers. */
    int pitch() {
        return pitch;
    }

    Buffer buffer() {
        return buffer;
    }

    /**
     * Writes a row; may return before it is done, and {@code from} may change then.
     *
     * @param from holds [columns] from {@code at} on
     */
    public void write(int row, float[] from, int at) {
        Objects.checkFromIndexSize(at, columns, from.length);
        device.queue().write(buffer, start(row), part(from, at));
    }

    /**
     * Waits for what was enqueued, and reads a row.
     *
     * @param to takes [columns] from {@code at} on
     */
    public void read(int row, float[] to, int at) {
        Objects.checkFromIndexSize(at, columns, to.length);
        device.queue().read(buffer, start(row), part(to, at));
    }

    private long start(int row) {
        return (long) Float.BYTES * pitch * Objects.checkIndex(row, rows);
    }

    private MemorySegment part(float[] values, int at) {
        return MemorySegment.ofArray(values).asSlice((long) Float.BYTES * at, (long) Float.BYTES * columns);
    }

    @Override
    public void close() {
        buffer.close();
    }

    @Override
    public String toString() {
        return rows + " x " + columns;
    }
}
