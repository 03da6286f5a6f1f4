package sparrow.gpu.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import sparrow.gpu.device.Device;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/**
 * A weight matrix [rows, columns] on a device, in the number format of its file. Each row is padded with zeros to a
 * multiple of 16 bytes, so that every read is complete. Quantised numbers [rows, columns] and their f16 scales [rows,
 * columns / 32] are stored separately. A view of consecutive rows shares the memory of the uploaded matrix, which owns
 * the memory.
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
     * Copies matrices to a device and combines them, one below the other, into one matrix. A matrix that is larger than
     * the device's maximum allocation is split between rows.
     *
     * @param matrices matrices of one type (f32, f16, bf16, q8_0 or q4_0) and one width, each with at least one row and
     *     column; may be closed after this method returns
     * @throws IllegalArgumentException if the matrices do not meet these conditions, or a row is larger than the
     *     maximum allocation
     * @throws ArithmeticException if the number of rows exceeds the range of int
     * @throws sparrow.gpu.device.DeviceException if the device does not have enough memory
     */
    public static DeviceMatrix upload(Device device, List<Matrix> matrices) {
        return upload(device, matrices, device.info().largestBytes());
    }

    /**
     * Copies matrices to a device, in allocations of limited size.
     *
     * @param largest maximum number of bytes per allocation; a larger row is allocated alone
     */
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
     * Creates a matrix of random numbers on a device. Plain numbers have a spread of about 1.15 / sqrt(columns). The
     * bits of quantised numbers are random, with scales that result in this spread.
     *
     * @param kernels kernels of the device
     * @param dtype one of the types of {@link #upload(Device, List)}
     * @param rows 1 or more
     * @param columns number of columns; a row's size must be a multiple of 16 bytes
     * @param seed seed of the random numbers
     */
    public static DeviceMatrix random(
            Device device, BareKernels kernels, DType dtype, int rows, int columns, int seed) {
        StoredType type = StoredType.of(dtype);
        if (rows < 1 || columns < 1 || columns % type.pieceNumbers() != 0) {
            throw new IllegalArgumentException("random matrix on a device: expected rows of whole "
                    + type.pieceNumbers() + " numbers, got " + rows + " x " + columns + " " + dtype);
        }
        long rowBytes = (long) type.pieces(columns) * StoredType.PIECE;
        // The kernel's word counter is limited.
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
     * Returns a view of {@code count} rows, starting at row {@code first}. Closing the view does nothing.
     *
     * @throws IndexOutOfBoundsException if the rows do not exist, or {@code count} is 0
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

    /** Returns the number of rows, which are outputs. */
    public int rows() {
        return rows;
    }

    /** Returns the number of columns, which are inputs. */
    public int columns() {
        return columns;
    }

    /**
     * Returns the size of a matrix on a device, in bytes.
     *
     * @throws IllegalArgumentException if kernels do not support its type
     */
    public static long bytes(Matrix w) {
        return w.rows() * StoredType.of(w.dtype()).rowBytes(w.columns());
    }

    /** Returns the size of the rows on the device, in bytes. */
    public long bytes() {
        return rows * type.rowBytes(columns);
    }

    StoredType type() {
        return type;
    }

    /** Returns whether inputs are rounded before they are multiplied by this matrix, which requires memory. */
    public boolean roundsInputs() {
        return type.roundsInputs();
    }

    List<MatrixPart> parts() {
        return parts;
    }

    /** Releases the memory, unless this matrix is a view. */
    @Override
    public void close() {
        if (!view) parts.forEach(MatrixPart::close);
    }

    @Override
    public String toString() {
        return rows + " x " + columns + " " + type;
    }
}
