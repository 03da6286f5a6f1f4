package sparrow.tensor.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * A block of activations [rows, columns] inside an f32 array. Row r consists of the {@code columns} values starting at
 * {@code offset + r * stride}. Rows may overlap if the stride is less than the number of columns, so that a convolution
 * over time-first data is a matrix product.
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

    /** Returns a contiguous array as a block [rows, columns]. */
    public static Block of(float[] data, int rows, int columns) {
        return new Block(data, 0, columns, rows, columns);
    }

    /** Returns a view of columns {@code from} (inclusive) to {@code to} (exclusive). */
    public Block columns(int from, int to) {
        checkRange("columns", from, to, columns);
        return new Block(data, offset + from, stride, rows, to - from);
    }

    /** Returns a view of rows {@code from} (inclusive) to {@code to} (exclusive). */
    public Block rows(int from, int to) {
        checkRange("rows", from, to, rows);
        return new Block(data, offset + from * stride, stride, to - from, columns);
    }

    /** Returns copies of the rows, each [columns]. */
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

    /** Returns the index of a row's first value in {@link #data()}. */
    int row(int r) {
        return offset + r * stride;
    }

    /** Runs {@code body} for each row, in pieces that are large enough to justify a thread. */
    void forEachRow(ComputePool pool, IntConsumer body) {
        int rowsPerPiece = Math.max(1, 4096 / Math.max(1, columns));
        pool.forEach(Math.ceilDiv(rows, rowsPerPiece), piece -> {
            int end = Math.min(rows, (piece + 1) * rowsPerPiece);
            for (int r = piece * rowsPerPiece; r < end; r++) body.accept(r);
        });
    }
}
