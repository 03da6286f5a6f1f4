package sparrow.formats.weights;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import sparrow.tensor.DType;

/**
 * The description of a tensor to be written, without its contents.
 *
 * @param name name of the tensor
 * @param dtype stored type
 * @param shape dimensions, outermost first; the innermost dimension of a quantised tensor is a multiple of the block
 *     size
 */
public record TensorDescription(String name, DType dtype, List<Integer> shape) {
    public TensorDescription {
        shape = List.copyOf(shape);
        for (int size : shape) {
            if (size < 0)
                throw new IllegalArgumentException("tensor " + name + ": expected sizes of 0 or more, got " + shape);
        }
        int columns = shape.isEmpty() ? 1 : shape.getLast();
        if (columns % dtype.blockElements() != 0) {
            throw new IllegalArgumentException("tensor " + name + ": expected a multiple of " + dtype.blockElements()
                    + " columns for " + dtype + ", got " + columns);
        }
    }

    /** Returns the number of elements. */
    public long elements() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    /** Returns the size in bytes. */
    public long bytes() {
        return dtype.bytes(elements());
    }

    /**
     * Writes numbers rounded to the tensor's type. The number of values must be a multiple of the block size.
     *
     * @throws IOException if the bytes cannot be written
     */
    public void write(float[] values, WritableByteChannel to) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(dtype.bytes(values.length))];
        dtype.store(values, MemorySegment.ofArray(bytes));
        to.write(ByteBuffer.wrap(bytes));
    }
}
