package sparrow.engine.weights;

import java.util.List;
import sparrow.engine.tensor.DType;

/**
 * A tensor that is about to be written: everything but its numbers.
 *
 * @param name of the tensor
 * @param dtype what it is stored as; no quantised type
 * @param shape dimensions, outermost first
 */
public record TensorDescription(String name, DType dtype, List<Integer> shape) {
    public TensorDescription {
        shape = List.copyOf(shape);
        if (dtype.isQuantised()) {
            throw new IllegalArgumentException("tensor " + name + ": expected a type of single numbers, got " + dtype);
        }
        for (int size : shape) {
            if (size < 0)
                throw new IllegalArgumentException("tensor " + name + ": expected sizes of 0 or more, got " + shape);
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
}
