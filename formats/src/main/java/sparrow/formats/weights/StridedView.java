package sparrow.formats.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/**
 * A view of a storage with one stride per axis, which is PyTorch's representation of a tensor.
 *
 * @param storage complete storage, which other views may share
 * @param offset index of the first element in the storage
 * @param shape dimensions, outermost first
 * @param strides number of storage elements from one index of an axis to the next, one per axis
 */
record StridedView(MemorySegment storage, DType dtype, long offset, List<Integer> shape, List<Long> strides) {
    /** Maximum number of axes, which is more than any layer has. The maximum limits the recursion depth of copying. */
    static final int MAX_AXES = 16;

    StridedView {
        shape = List.copyOf(shape);
        strides = List.copyOf(strides);
        if (shape.size() != strides.size() || shape.size() > MAX_AXES) {
            throw new IllegalArgumentException("expected one stride per axis and at most " + MAX_AXES + " axes, found "
                    + shape.size() + " axes and " + strides.size() + " strides");
        }
        long available = storage.byteSize() / dtype.bytes(1);
        long count = 1;
        long last = offset;
        try {
            for (int axis = 0; axis < shape.size(); axis++) {
                if (shape.get(axis) < 0 || strides.get(axis) < 0) {
                    throw new IllegalArgumentException("negative size or stride: " + shape + ", " + strides);
                }
                count = Math.multiplyExact(count, shape.get(axis));
                last = Math.addExact(last, Math.multiplyExact(shape.get(axis) - 1L, strides.get(axis)));
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("shape " + shape + " is larger than any file", e);
        }
        // The second condition is required for a stride of 0, with which a few bytes could represent any number of
        // elements.
        boolean inside = count == 0 ? offset <= available : last < available && count <= available;
        if (offset < 0 || !inside) {
            throw new IllegalArgumentException("shape " + shape + " with strides " + strides + " at offset " + offset
                    + ": expected inside a storage of " + available + " elements");
        }
    }

    long elements() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    }

    boolean contiguous() {
        long step = 1;
        for (int axis = shape.size() - 1; axis >= 0; axis--) {
            if (shape.get(axis) != 1 && strides.get(axis) != step) return elements() == 0;
            step *= shape.get(axis);
        }
        return true;
    }

    /**
     * Returns the elements in row-major order, as a slice of the storage if they are contiguous, or otherwise as a copy
     * in {@code arena}.
     */
    Tensor tensor(Arena arena) {
        long bytes = dtype.bytes(elements());
        if (contiguous()) return new Tensor(storage.asSlice(dtype.bytes(offset), bytes), dtype, shape);
        MemorySegment copy = arena.allocate(bytes, 64);
        copyAxis(0, offset, copy, 0);
        return new Tensor(copy, dtype, shape);
    }

    /**
     * Copies the elements of {@code axis} and later axes at one index of the earlier axes, and returns the position of
     * the next free byte.
     */
    private long copyAxis(int axis, long from, MemorySegment to, long at) {
        if (axis == shape.size()) {
            MemorySegment.copy(storage, dtype.bytes(from), to, at, dtype.bytes(1));
            return at + dtype.bytes(1);
        }
        long next = at;
        for (int i = 0; i < shape.get(axis); i++) {
            next = copyAxis(axis + 1, from + i * strides.get(axis), to, next);
        }
        return next;
    }
}
