package sparrow.gpu.kernel;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;

/**
 * Activations [rows, columns] in f32 on a device. Rows are padded with zeros, which nothing may write over. Some of the rows or
 * columns are a view: the same memory, which belongs to the rows that were allocated.
 */
public final class DeviceRows implements AutoCloseable {
    /** The distance of rows is a multiple of so many numbers: the columns of a block of quantised weights. */
    private static final int PADDING = 32;

    /** Numbers that a kernel reads at once, which lie at a multiple of as many. */
    private static final int ALIGNMENT = 4;

    private final Memory memory;
    private final int firstRow;
    private final int firstColumn;
    private final int rows;
    private final int columns;
    private final boolean view;

    /** Allocated memory: rows of {@code columns} numbers, at a distance of {@code pitch}. */
    private record Memory(Device device, Buffer buffer, int columns, int pitch) {}

    private DeviceRows(Memory memory, int firstRow, int firstColumn, int rows, int columns, boolean view) {
        this.memory = memory;
        this.firstRow = firstRow;
        this.firstColumn = firstColumn;
        this.rows = rows;
        this.columns = columns;
        this.view = view;
    }

    /**
     * Memory for rows of zeros.
     *
     * @param rows 1 or more
     * @param columns 1 or more
     * @throws ArithmeticException if an int cannot count the numbers
     */
    public static DeviceRows allocate(Device device, int rows, int columns) {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException("rows: expected sizes of 1 or more, got " + rows + " x " + columns);
        }
        int pitch = Math.multiplyExact(Math.ceilDiv(columns, PADDING), PADDING);
        Buffer buffer = device.allocate((long) Float.BYTES * Math.multiplyExact(rows, pitch));
        try {
            device.queue().clear(buffer, 0, buffer.bytes());
        } catch (RuntimeException e) {
            buffer.close();
            throw e;
        }
        return new DeviceRows(new Memory(device, buffer, columns, pitch), 0, 0, rows, columns, false);
    }

    /**
     * A view of rows in memory of any kind, from its first number on. The rows may overlap, so that a convolution is a linear
     * layer. Closing it does nothing.
     *
     * @param rows 1 or more
     * @param columns 1 or more
     * @param pitch from one row to the next, in numbers: 1 or more; rows of x in a linear layer lie at a multiple of 4. If it
     *     is more than columns, zeros lie between
     * @throws IndexOutOfBoundsException if the buffer is too small
     */
    public static DeviceRows in(Device device, Buffer buffer, int rows, int columns, int pitch) {
        if (rows < 1 || columns < 1 || pitch < 1) {
            throw new IllegalArgumentException("rows in a buffer: expected sizes of 1 or more, got " + rows + " x "
                    + columns + ", " + pitch + " apart");
        }
        long numbers = (rows - 1L) * pitch + Math.max(columns, pitch);
        Objects.checkFromIndexSize(0, Float.BYTES * numbers, buffer.bytes());
        return new DeviceRows(new Memory(device, buffer, columns, pitch), 0, 0, rows, columns, true);
    }

    /**
     * A view of some of the rows. Closing it does nothing.
     *
     * @throws IndexOutOfBoundsException if there are not as many, or {@code count} is 0
     */
    public DeviceRows rows(int first, int count) {
        checkView(first, count, rows);
        return new DeviceRows(memory, firstRow + first, firstColumn, count, columns, true);
    }

    /**
     * A view of some of the columns. Closing it does nothing.
     *
     * @throws IndexOutOfBoundsException if there are not as many, or {@code count} is 0
     */
    public DeviceRows columns(int first, int count) {
        checkView(first, count, columns);
        return new DeviceRows(memory, firstRow, firstColumn + first, rows, count, true);
    }

    private static void checkView(int first, int count, int of) {
        Objects.checkFromIndexSize(first, count, of);
        if (count == 0) throw new IndexOutOfBoundsException("view of rows: expected 1 or more, got 0");
    }

    /** Rows. */
    public int rows() {
        return rows;
    }

    /** Numbers of a row. */
    public int columns() {
        return columns;
    }

    /** The distance from one row to the next, in numbers. */
    public int pitch() {
        return memory.pitch;
    }

    /** The memory of the numbers, with those that are no part of this view. */
    public Buffer buffer() {
        return memory.buffer;
    }

    /** The offset of the first number in the buffer, in numbers. */
    public int offset() {
        return firstRow * memory.pitch + firstColumn;
    }

    /**
     * True if a kernel can read each row in whole pieces: the first number is aligned, and a last piece that is not full is
     * filled up by the zeros of the padding.
     *
     * @param piece numbers that are read at once
     */
    boolean readableBy(int piece) {
        int end = firstColumn + columns;
        int read = firstColumn + Math.ceilDiv(columns, piece) * piece;
        boolean aligned = firstColumn % ALIGNMENT == 0 && (rows == 1 || memory.pitch % ALIGNMENT == 0);
        return aligned && (read == end || end == memory.columns && read <= memory.pitch);
    }

    /** True if a number belongs to these rows and to others. */
    boolean overlaps(DeviceRows other) {
        return memory.buffer == other.memory.buffer
                && firstRow < other.firstRow + other.rows
                && other.firstRow < firstRow + rows
                && firstColumn < other.firstColumn + other.columns
                && other.firstColumn < firstColumn + columns;
    }

    /**
     * Writes a row; may return before it is done, and {@code from} may change then.
     *
     * @param from holds [columns] from {@code at} on
     */
    public void write(int row, float[] from, int at) {
        Objects.checkFromIndexSize(at, columns, from.length);
        memory.device.queue().write(memory.buffer, start(row), part(from, at));
    }

    /**
     * Writes the first rows at once; may return before it is done, and {@code from} may change then.
     *
     * @param from as many as are written, each [columns]; this is no view of some columns
     */
    public void write(List<float[]> from) {
        Objects.checkFromIndexSize(0, from.size(), rows);
        if (columns != memory.columns) throw new IllegalArgumentException("rows: expected whole ones, got " + this);
        float[] all = new float[from.size() * pitch()];
        for (int r = 0; r < from.size(); r++) System.arraycopy(from.get(r), 0, all, r * pitch(), columns);
        memory.device.queue().write(memory.buffer, start(0), MemorySegment.ofArray(all));
    }

    /**
     * Waits for the enqueued work, and reads a row.
     *
     * @param to takes [columns] from {@code at} on
     */
    public void read(int row, float[] to, int at) {
        Objects.checkFromIndexSize(at, columns, to.length);
        memory.device.queue().read(memory.buffer, start(row), part(to, at));
    }

    private long start(int row) {
        return (long) Float.BYTES * (offset() + Objects.checkIndex(row, rows) * memory.pitch);
    }

    private MemorySegment part(float[] values, int at) {
        return MemorySegment.ofArray(values).asSlice((long) Float.BYTES * at, (long) Float.BYTES * columns);
    }

    /** Gives the memory back, unless this is a view. */
    @Override
    public void close() {
        if (!view) memory.buffer.close();
    }

    @Override
    public String toString() {
        return rows + " x " + columns;
    }
}
