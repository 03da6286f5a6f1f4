package sparrow.gpu.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import sparrow.gpu.device.Device;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/**
 * A weight matrix [rows, columns] on a device, in the numbers of the file. A row is padded with zeros to a multiple of 16 bytes,
 * so that every reading is whole. Quantised numbers and their scales lie apart: numbers [rows, columns], f16 [rows, columns /
 * 32]. Some of the rows are a view: the same memory, which belongs to the matrix that was uploaded.
 */
public final class DeviceMatrix implements AutoCloseable {
    private static final long MAX_RANDOM = 4L << 30;

    private final StoredType type;
    private final int rows;
    private final int columns;
    private final List<MatrixPart> parts;
    private final boolean view;

    private DeviceMatrix(StoredType type, int rows, int columns, List<MatrixPart> parts, boolean view) {
        this.type = type;
        this.rows = rows;
        this.columns = columns;
        this.parts = parts;
        this.view = view;
    }

    /** Copies a matrix to a device; see {@link #upload(Device, List)}. */
    public static DeviceMatrix upload(Device device, Matrix w) {
        return upload(device, List.of(w));
    }

    /**
     * Copies matrices to a device as one, one below the other. A matrix that is larger than the device allocates at once is cut
     * between rows.
     *
     * @param matrices of one type (f32, f16, bf16, q8_0 or q4_0) and one width, each with a row and a column at least; may be closed
     *     when this returns
     * @throws IllegalArgumentException if they are not so, or a row is larger than the device allocates at once
     * @throws ArithmeticException if an int cannot count the rows
     * @throws sparrow.gpu.device.DeviceException if the device has not enough memory
     */
    public static DeviceMatrix upload(Device device, List<Matrix> matrices) {
        return upload(device, matrices, device.info().largestBytes());
    }

    /** @param largest bytes that are allocated at once, if one row is no larger */
    static DeviceMatrix upload(Device device, List<Matrix> matrices, long largest) {
        if (matrices.isEmpty())
            throw new IllegalArgumentException("matrix on a device: expected one or more, got none");
        Matrix first = matrices.getFirst();
        int rows = 0;
        for (Matrix w : matrices) {
            if (w.rows() < 1 || w.columns() < 1) {
                throw new IllegalArgumentException("matrix on a device: expected sizes of 1 or more, got " + shape(w));
            }
            if (w.dtype() != first.dtype() || w.columns() != first.columns()) {
                throw new IllegalArgumentException("matrices on a device: expected one type and one width, got "
                        + shape(first) + " " + first.dtype() + " and " + shape(w) + " " + w.dtype());
            }
            rows = Math.addExact(rows, w.rows());
        }
        StoredType type = StoredType.of(first.dtype());
        List<MatrixPart> parts = new MatrixUpload(device, matrices, type).parts(rows, largest);
        return new DeviceMatrix(type, rows, first.columns(), parts, false);
    }

    /**
     * A matrix of random numbers that the device makes: plain ones have a spread of about 1.15 / sqrt(columns), quantised ones
     * any bits under scales that give them the same.
     *
     * @param kernels of the device
     * @param dtype as of {@link #upload(Device, List)}
     * @param rows 1 or more
     * @param columns whole pieces of 16 bytes of numbers
     * @param seed the same one gives the same numbers
     */
    public static DeviceMatrix random(
            Device device, BareKernels kernels, DType dtype, int rows, int columns, int seed) {
        StoredType type = StoredType.of(dtype);
        if (rows < 1 || columns < 1 || columns % type.pieceNumbers() != 0) {
            throw new IllegalArgumentException("random matrix on a device: expected rows of whole "
                    + type.pieceNumbers() + " numbers, got " + rows + " x " + columns + " " + dtype);
        }
        long rowBytes = (long) type.pieces(columns) * StoredType.PIECE;
        // A kernel counts no more words.
        long largest = Math.min(device.info().largestBytes(), MAX_RANDOM);
        int most = Math.clamp(largest / rowBytes, 1, rows);
        List<MatrixPart> parts = new ArrayList<>();
        try {
            for (int first = 0; first < rows; first += most) {
                MatrixPart part = MatrixPart.allocate(device, type, Math.min(most, rows - first), columns);
                parts.add(part);
                kernels.random(part.numbers(), type.randomBits(), type.randomBase(columns), seed + first);
                part.scales().ifPresent(scales -> kernels.random(scales, 0, type.randomScales(columns), 0));
            }
            return new DeviceMatrix(type, rows, columns, List.copyOf(parts), false);
        } catch (RuntimeException e) {
            parts.forEach(MatrixPart::close);
            throw e;
        }
    }

    private static String shape(Matrix w) {
        return w.rows() + " x " + w.columns();
    }

    /**
     * A view of some of the rows. Closing it does nothing.
     *
     * @throws IndexOutOfBoundsException if there are not as many, or {@code count} is 0
     */
    public DeviceMatrix rows(int first, int count) {
        Objects.checkFromIndexSize(first, count, rows);
        if (count == 0) throw new IndexOutOfBoundsException("view of a matrix: expected 1 row or more, got 0");
        List<MatrixPart> some = new ArrayList<>();
        int above = 0;
        for (MatrixPart part : parts) {
            int from = Math.max(first - above, 0);
            int to = Math.min(first + count - above, part.rows());
            if (from < to) some.add(new MatrixPart(part.numbers(), part.scales(), part.first() + from, to - from));
            above += part.rows();
        }
        return new DeviceMatrix(type, count, columns, List.copyOf(some), true);
    }

    /** Outputs. */
    public int rows() {
        return rows;
    }

    /** Inputs. */
    public int columns() {
        return columns;
    }

    /**
     * Bytes that a matrix would have on a device.
     *
     * @throws IllegalArgumentException if kernels do not read its type
     */
    public static long bytes(Matrix w) {
        return w.rows() * StoredType.of(w.dtype()).rowBytes(w.columns());
    }

    /** Bytes of its rows on the device. */
    public long bytes() {
        return rows * type.rowBytes(columns);
    }

    StoredType type() {
        return type;
    }

    /** True if rows are rounded before they are multiplied with it, which takes memory. */
    public boolean roundsInputs() {
        return type.roundsInputs();
    }

    /** Its rows, in their order. */
    List<MatrixPart> parts() {
        return parts;
    }

    /** Gives the memory back, unless this is a view. */
    @Override
    public void close() {
        if (!view) parts.forEach(MatrixPart::close);
    }

    @Override
    public String toString() {
        return rows + " x " + columns + " " + type;
    }
}
