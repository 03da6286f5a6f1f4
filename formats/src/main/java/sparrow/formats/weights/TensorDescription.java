package sparrow.formats.weights;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import sparrow.tensor.DType;

/**
 * A tensor that is about to be written: everything but its numbers.
 *
 * @param name of the tensor
 * @param dtype type that it is stored in
 * @param shape dimensions, outermost first; the innermost of a quantised tensor is whole blocks
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

    /** Numbers in it. */
    public long elements() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    /** Bytes that it takes. */
    public long bytes() {
        return dtype.bytes(elements());
    }

    /**
     * Writes numbers, whole blocks, rounded to the tensor's type.
     *
     * @throws IOException if they cannot be written
     */
    public void write(float[] values, WritableByteChannel to) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(dtype.bytes(values.length))];
        dtype.store(values, MemorySegment.ofArray(bytes));
        to.write(ByteBuffer.wrap(bytes));
    }
}
