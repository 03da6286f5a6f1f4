package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Multiplies matrices outside this project's Java code. Inputs are bf16 numbers; products and sums are f32 numbers.
 * {@link Kernels#create(ComputePool, MatrixProvider)} uses it for products with many rows. Implementations are
 * thread-safe; each call computes on the calling thread.
 *
 * <p>Inputs are rounded from f32 to the nearest bf16: an input x becomes x (1 + e) with |e| at most 2^-8. A result is
 * therefore within (2^-7 + 2^-16 + (n + 1) 2^-23) S + 2^-126 T of the exact result, where n is the number of columns, S
 * is the sum of |x w| over the columns, and T is the sum of |x| + |w| + 2. T accounts for bf16 instructions that treat
 * subnormal numbers as zero. Magnitudes of at least 2^128 - 2^119 become infinite. Infinities and NaN propagate as in
 * f32 arithmetic.
 */
public interface MatrixProvider {
    /** Divisor of the number of columns of every product. */
    int COLUMN_GROUP = 32;

    /** Number of interleaved outputs in {@link Layout#PAIRS}. */
    int OUTPUT_GROUP = 64;

    /** Memory layouts of weights. */
    enum Layout {
        /** Column pairs of 64 interleaved outputs, padded with zeros, [ceil(outputs / 64), columns / 2, 64, 2]. */
        PAIRS,
        /** Rows of outputs, [outputs, columns], with {@link Shape#stride} numbers from one output to the next. */
        ROWS
    }

    /**
     * The shape of a product.
     *
     * @param rows number of rows of activations
     * @param columns number of inputs, which must be a multiple of {@link #COLUMN_GROUP}
     * @param outputs number of rows of the weight
     * @param stride distance between rows for {@link Layout#ROWS}, or 0 otherwise
     */
    record Shape(int rows, int columns, int outputs, Layout layout, long stride) {
        /** Returns a shape with the layout {@link Layout#PAIRS}. */
        public static Shape pairs(int rows, int columns, int outputs) {
            return new Shape(rows, columns, outputs, Layout.PAIRS, 0);
        }

        /** Returns a shape with the layout {@link Layout#ROWS}. */
        public static Shape rows(int rows, int columns, int outputs, long stride) {
            return new Shape(rows, columns, outputs, Layout.ROWS, stride);
        }
    }

    /**
     * Computes y[r, o] += sum over c of x[r, c] * w[o, c] on the calling thread. All three segments are off-heap.
     *
     * @param x activations as bf16, [rows, columns]
     * @param w weights as bf16, in the shape's layout
     * @param y outputs as f32, [rows, outputs]
     */
    void multiply(Shape shape, MemorySegment x, MemorySegment w, MemorySegment y);

    /**
     * Returns the name of the arithmetic, which {@link Kernels#arithmetic()} includes because the last bits of results
     * depend on it.
     */
    String arithmetic();

    /** Returns the library's name, version and location in one line. */
    String description();

    /** Returns whether this processor multiplies bf16 faster than f32. */
    boolean isFasterThanF32();

    /** Returns whether this processor multiplies tiles of bf16 (AMX), which is faster even for small products. */
    default boolean hasTiles() {
        return false;
    }
}
