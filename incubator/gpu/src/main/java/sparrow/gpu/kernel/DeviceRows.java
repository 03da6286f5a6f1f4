package sparrow.gpu.kernel;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;

/**
 * Activations [rows, columns] in f32 on a device. Rows are padded with zeros, which must not be overwritten. A view of
 * consecutive rows or columns shares the memory of the allocated rows, which own the memory.
 */
public final class DeviceRows implements AutoCloseable {
    /** The distance between rows is a multiple of this number of columns, the block size of quantised weights. */
    private static final int PADDING = 32;

    /** Number of floats that a kernel reads at once, from an index that is a multiple of this number. */
    private static final int ALIGNMENT = 4;

    private final Memory memory;
    private final int firstRow;
    private final int firstColumn;
    private final int rows;
    private final int columns;
    private final boolean view;

    /** Allocated memory with rows of {@code columns} floats at a distance of {@code pitch} floats. */
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
     * Allocates rows of zeros.
     *
     * @param rows 1 or more
     * @param columns 1 or more
     * @throws ArithmeticException if the total number of floats exceeds the range of int
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
     * Returns a view of existing memory as rows, starting at the buffer's first float. The rows may overlap, so that a
     * convolution can be computed as a linear layer. Closing the view does nothing.
     *
     * @param rows 1 or more
     * @param columns 1 or more
     * @param pitch distance between rows in floats, 1 or more, and a multiple of 4 if the rows are the input of a
     *     linear layer; if the pitch exceeds the number of columns, the floats between rows must be zeros
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
     * Returns a view of {@code count} rows, starting at row {@code first}. Closing the view does nothing.
     *
     * @throws IndexOutOfBoundsException if the rows do not exist, or {@code count} is 0
     */
    public DeviceRows rows(int first, int count) {
        checkView(first, count, rows);
        return new DeviceRows(memory, firstRow + first, firstColumn, count, columns, true);
    }

    /**
     * Returns a view of {@code count} columns, starting at column {@code first}. Closing the view does nothing.
     *
     * @throws IndexOutOfBoundsException if the columns do not exist, or {@code count} is 0
     */
    public DeviceRows columns(int first, int count) {
        checkView(first, count, columns);
        return new DeviceRows(memory, firstRow, firstColumn + first, rows, count, true);
    }

    private static void checkView(int first, int count, int of) {
        Objects.checkFromIndexSize(first, count, of);
        if (count == 0) throw new IndexOutOfBoundsException("view of rows: expected 1 or more, got 0");
    }

    /** Returns the number of rows. */
    public int rows() {
        return rows;
    }

    /** Returns the number of columns. */
    public int columns() {
        return columns;
    }

    /** Returns the distance between rows, in floats. */
    public int pitch() {
        return memory.pitch;
    }

    /** Returns the underlying memory, including floats outside this view. */
    public Buffer buffer() {
        return memory.buffer;
    }

    /** Returns the index of the first float in the buffer. */
    public int offset() {
        return firstRow * memory.pitch + firstColumn;
    }

    /**
     * Returns whether a kernel can read each row in complete pieces: the first float is aligned, and the row's end is
     * aligned or followed by the zeros of the padding.
     *
     * @param piece number of floats read at once
     */
    boolean readableBy(int piece) {
        int end = firstColumn + columns;
        int read = firstColumn + Math.ceilDiv(columns, piece) * piece;
        boolean aligned = firstColumn % ALIGNMENT == 0 && (rows == 1 || memory.pitch % ALIGNMENT == 0);
        return aligned && (read == end || end == memory.columns && read <= memory.pitch);
    }

    /** Returns whether these rows share memory with other rows. */
    boolean overlaps(DeviceRows other) {
        return memory.buffer == other.memory.buffer
                && firstRow < other.firstRow + other.rows
                && other.firstRow < firstRow + rows
                && firstColumn < other.firstColumn + other.columns
                && other.firstColumn < firstColumn + columns;
    }

    /**
     * Writes a row. May return before the write is done, but {@code from} may be changed as soon as this method
     * returns.
     *
     * @param from array that contains the row [columns], starting at {@code at}
     */
    public void write(int row, float[] from, int at) {
        Objects.checkFromIndexSize(at, columns, from.length);
        memory.device.queue().write(memory.buffer, start(row), part(from, at));
    }

    /**
     * Writes the first rows. May return before the write is done, but {@code from} may be changed as soon as this
     * method returns.
     *
     * @param from rows to write, [columns] each; not supported by a view of columns
     */
    public void write(List<float[]> from) {
        Objects.checkFromIndexSize(0, from.size(), rows);
        if (columns != memory.columns) throw new IllegalArgumentException("rows: expected all columns, got " + this);
        float[] all = new float[from.size() * pitch()];
        for (int r = 0; r < from.size(); r++) System.arraycopy(from.get(r), 0, all, r * pitch(), columns);
        memory.device.queue().write(memory.buffer, start(0), MemorySegment.ofArray(all));
    }

    /**
     * Waits for the enqueued work, and reads a row.
     *
     * @param to array for the row [columns], starting at {@code at}
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

    /** Releases the memory, unless these rows are a view. */
    @Override
    public void close() {
        if (!view) memory.buffer.close();
    }

    @Override
    public String toString() {
        return rows + " x " + columns;
    }
}
