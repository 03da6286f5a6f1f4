package sparrow.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * A row-major weight matrix [rows, columns] in off-heap memory, in its stored type. The weight of a linear layer has
 * one row per output and one column per input.
 *
 * @param data exactly {@code rows * columns} elements, owned by the checkpoint or by the arena to which they were
 *     copied
 * @param dtype f32, f16, bf16, or a quantised type whose block size divides the number of columns
 */
public record Matrix(MemorySegment data, DType dtype, int rows, int columns) {
    public Matrix {
        if (!dtype.isWeight()) {
            throw new IllegalArgumentException("matrix: expected " + DType.names(DType.weights()) + ", got " + dtype);
        }
        if (rows < 0 || columns < 0) {
            throw new IllegalArgumentException("matrix: expected sizes of 0 or more, got " + rows + " x " + columns);
        }
        long bytes = rows * dtype.bytes(columns);
        if (data.byteSize() != bytes) {
            throw new IllegalArgumentException("matrix " + rows + " x " + columns + " " + dtype + ": expected " + bytes
                    + " bytes, got " + data.byteSize());
        }
        if (!data.isNative()) throw new IllegalArgumentException("matrix: expected off-heap memory");
    }

    /** Copies row-major f32 values to memory allocated from {@code arena}. */
    public static Matrix copyOf(float[] values, int rows, int columns, Arena arena) {
        MemorySegment data = arena.allocate(4L * values.length, 64);
        MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, 0, values.length);
        return new Matrix(data, DType.F32, rows, columns);
    }

    /** Returns a view of rows {@code from} (inclusive) to {@code to} (exclusive). */
    public Matrix slice(int from, int to) {
        if (from < 0 || to < from || to > rows) {
            throw new IllegalArgumentException("rows " + from + ".." + to + " of a matrix of " + rows + " rows");
        }
        return new Matrix(data.asSlice(from * rowBytes(), (to - from) * rowBytes()), dtype, to - from, columns);
    }

    /** Widens one row to f32 and writes it to {@code to}, starting at {@code offset}. */
    public void row(int row, float[] to, int offset) {
        Objects.checkFromIndexSize(offset, columns, to.length);
        dtype.numbers().read(data.asSlice(row * rowBytes(), rowBytes()), to, offset, columns);
    }

    /** Returns the number of bytes from one row to the next. */
    public long rowBytes() {
        return dtype.bytes(columns);
    }
}
