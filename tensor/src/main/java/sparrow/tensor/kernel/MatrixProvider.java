package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Multiplies matrices by other means than this project's Java: inputs in 16-bit brain floats (bf16), products and sums in
 * f32. {@link Kernels#create(ComputePool, MatrixProvider)} uses it where products have many rows; everything else, and
 * the meaning of every result, stays with the kernels. Safe for several threads, each of which computes alone.
 *
 * <p>Of f32 inputs it makes bf16, to nearest, so that an input x becomes x (1 + e) with |e| at most 2^-8. A result
 * is therefore within (2^-7 + 2^-16 + (n + 1) 2^-23) S + 2^-126 T of the exact one, where n is the number of columns, S the sum
 * of |x w| over the columns, and T the sum of |x| + |w| + 2: instructions for bf16 take subnormal numbers for zero.
 * Magnitudes from 2^128 - 2^119 on become infinite. Infinities and NaN reach the results as in f32.
 */
public interface MatrixProvider {
    /** Columns of a piece are a multiple of this. */
    int COLUMN_GROUP = 32;

    /** Outputs that lie side by side in {@link Layout#PAIRS}. */
    int OUTPUT_GROUP = 64;

    /** The order of a piece's weights in memory. */
    enum Layout {
        /** [ceil(outputs / 64), columns / 2, 64, 2]: pairs of columns of 64 outputs side by side, filled up with zeros. */
        PAIRS,
        /** [outputs, columns] with {@link Shape#stride} numbers from one output to the next. */
        ROWS
    }

    /**
     * One product.
     *
     * @param rows of activations
     * @param columns inputs, a multiple of {@link #COLUMN_GROUP}
     * @param outputs rows of the weight
     * @param stride of {@link Layout#ROWS}; 0 otherwise
     */
    record Shape(int rows, int columns, int outputs, Layout layout, long stride) {
        /** One whose weights lie in pairs. */
        public static Shape pairs(int rows, int columns, int outputs) {
            return new Shape(rows, columns, outputs, Layout.PAIRS, 0);
        }

        /** One whose weights lie in rows. */
        public static Shape rows(int rows, int columns, int outputs, long stride) {
            return new Shape(rows, columns, outputs, Layout.ROWS, stride);
        }
    }

    /**
     * y[r, o] += sum over c of x[r, c] * w[o, c], on the calling thread.
     *
     * @param x bf16, [rows, columns], outside of the heap as all three
     * @param w bf16, laid out as the shape says
     * @param y f32, [rows, outputs]
     */
    void multiply(Shape shape, MemorySegment x, MemorySegment w, MemorySegment y);

    /** The name of the arithmetic that the last bits of its results depend on, as {@link Kernels#arithmetic()} adds it. */
    String arithmetic();

    /** Its name, version and place, in one line. */
    String description();

    /** True if this processor multiplies bf16 faster than f32. */
    boolean pays();
}
