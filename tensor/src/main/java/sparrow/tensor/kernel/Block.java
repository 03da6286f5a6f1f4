package sparrow.tensor.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A block of activations [rows, columns] inside an f32 array: row r is the {@code columns} values from
 * {@code offset + r * stride}. Rows may overlap (stride below columns): that is how a convolution over time-first data
 * is a matrix product.
 */
public record Block(float[] data, int offset, int stride, int rows, int columns) {
    public Block {
        if (offset < 0 || stride < 0 || rows < 0 || columns < 0) {
            throw new IllegalArgumentException(
                    "block: negative offset " + offset + ", stride " + stride + " or size " + rows + " x " + columns);
        }
        if (rows > 0 && offset + (long) (rows - 1) * stride + columns > data.length) {
            throw new IllegalArgumentException("block " + rows + " x " + columns + " (offset " + offset + ", stride "
                    + stride + ") does not fit an array of " + data.length);
        }
    }

    /** A whole contiguous array as [rows, columns]. */
    public static Block of(float[] data, int rows, int columns) {
        return new Block(data, 0, columns, rows, columns);
    }

    /** Columns {@code from} (inclusive) to {@code to} (exclusive) of the same rows. */
    public Block columns(int from, int to) {
        checkRange("columns", from, to, columns);
        return new Block(data, offset + from, stride, rows, to - from);
    }

    /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
    public Block rows(int from, int to) {
        checkRange("rows", from, to, rows);
        return new Block(data, offset + from * stride, stride, to - from, columns);
    }

    /** Copies of the rows, each [columns]. */
    public List<float[]> copyRows() {
        return IntStream.range(0, rows)
                .mapToObj(r -> Arrays.copyOfRange(data, row(r), row(r) + columns))
                .toList();
    }

    private static void checkRange(String axis, int from, int to, int size) {
        if (from < 0 || to < from || to > size) {
            throw new IllegalArgumentException("block: " + axis + " " + from + " to " + to + " of " + size);
        }
    }

    /** Index of the first value of a row in {@link #data()}. */
    int row(int r) {
        return offset + r * stride;
    }
}
