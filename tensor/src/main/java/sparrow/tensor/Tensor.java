package sparrow.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A stored tensor, which consists of little-endian, row-major, contiguous elements in a memory segment owned by a
 * checkpoint.
 *
 * @param data exactly {@code dtype.bytes(elements())} bytes, valid while the checkpoint is open
 * @param dtype element type
 * @param shape dimensions, outermost first, or empty for a scalar; the innermost dimension of a quantised tensor is a
 *     multiple of the block size
 */
public record Tensor(MemorySegment data, DType dtype, List<Integer> shape) {
    private static final ValueLayout.OfDouble F64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public Tensor {
        shape = List.copyOf(shape);
        if (dtype.isQuantised() && (shape.isEmpty() || shape.getLast() % dtype.blockElements() != 0)) {
            throw new IllegalArgumentException("tensor " + dtype + shape + ": expected a multiple of "
                    + dtype.blockElements() + " as the innermost size");
        }
        long bytes = dtype.bytes(elements(shape));
        if (data.byteSize() != bytes) {
            throw new IllegalArgumentException(
                    "tensor " + dtype + shape + ": expected " + bytes + " bytes, got " + data.byteSize());
        }
    }

    /** Wraps row-major f32 values as a tensor without copying the array. */
    public static Tensor of(float[] values, int... shape) {
        return new Tensor(MemorySegment.ofArray(values), DType.F32, sizes(shape));
    }

    /** Wraps row-major i32 values as a tensor without copying the array. */
    public static Tensor of(int[] values, int... shape) {
        return new Tensor(MemorySegment.ofArray(values), DType.I32, sizes(shape));
    }

    /** Wraps row-major i64 values as a tensor without copying the array. */
    public static Tensor of(long[] values, int... shape) {
        return new Tensor(MemorySegment.ofArray(values), DType.I64, sizes(shape));
    }

    private static List<Integer> sizes(int[] shape) {
        return Arrays.stream(shape).boxed().toList();
    }

    private int arrayLength() {
        if (elements() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "tensor " + dtype + shape + ": expected fewer elements than an array can hold, got " + elements());
        }
        return (int) elements();
    }

    /** Returns the number of elements. */
    public long elements() {
        return elements(shape);
    }

    /**
     * Returns a new array with the elements as f32, in row-major order.
     *
     * @throws IllegalArgumentException if the tensor has more elements than an array can hold
     */
    public float[] toFloats() {
        float[] values = new float[arrayLength()];
        toFloats(values, 0);
        return values;
    }

    /**
     * Writes the elements as f32, in row-major order, to {@code to}, starting at {@code offset}.
     *
     * @throws IndexOutOfBoundsException if the elements do not fit; in this case, nothing is written
     */
    public void toFloats(float[] to, int offset) {
        int n = arrayLength();
        Objects.checkFromIndexSize(offset, n, to.length);
        if (dtype.isWeight()) dtype.numbers().read(data, to, offset, n);
        else if (dtype == DType.F64) copyF64(to, offset, n);
        else if (dtype == DType.I32) copyI32(to, offset, n);
        else copyI64(to, offset, n);
    }

    // There is one loop per type because the JIT compiles only loops that are used, and compiles short loops well.

    private void copyF64(float[] to, int offset, int n) {
        for (int i = 0; i < n; i++) to[offset + i] = (float) data.get(F64, 8L * i);
    }

    private void copyI32(float[] to, int offset, int n) {
        for (int i = 0; i < n; i++) to[offset + i] = data.get(I32, 4L * i);
    }

    private void copyI64(float[] to, int offset, int n) {
        for (int i = 0; i < n; i++) to[offset + i] = data.get(I64, 8L * i);
    }

    /**
     * Returns the elements as ints, in row-major order.
     *
     * @throws IllegalArgumentException if the tensor contains floating-point numbers
     * @throws ArithmeticException if an element does not fit in an int
     */
    public int[] toInts() {
        if (dtype.isFloating()) throw new IllegalArgumentException("expected an integer tensor, got " + dtype);
        int[] values = new int[arrayLength()];
        for (int i = 0; i < values.length; i++) {
            values[i] = dtype == DType.I32 ? data.get(I32, 4L * i) : Math.toIntExact(data.get(I64, 8L * i));
        }
        return values;
    }

    /**
     * Returns the tensor as a matrix. The first axis becomes the rows, and all other axes together become the columns.
     *
     * @throws IllegalArgumentException if the tensor is a scalar, or if a {@link Matrix} cannot have its type
     */
    public Matrix asMatrix() {
        if (shape.isEmpty()) throw new IllegalArgumentException("expected a matrix, got a scalar");
        int rows = shape.getFirst();
        return new Matrix(data, dtype, rows, rows == 0 ? 0 : Math.toIntExact(elements() / rows));
    }

    private static long elements(List<Integer> shape) {
        long count = 1;
        for (int size : shape) count = Math.multiplyExact(count, size);
        return count;
    }
}
