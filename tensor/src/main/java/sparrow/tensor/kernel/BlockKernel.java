package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import sparrow.tensor.DType;

/**
 * The vector kernels for one quantised type. The kernels define the layout of the type's blocks in a
 * {@link QuantisedWeight} and compute products.
 */
interface BlockKernel {
    /**
     * Returns the kernel for a type. This method contains the only list of kernels in the package.
     *
     * @throws IllegalArgumentException if the type is not quantised
     */
    static BlockKernel of(DType dtype) {
        return switch (dtype) {
            case Q8_0 -> Q8Kernel.INSTANCE;
            case Q4_0 -> Q4Kernel.INSTANCE;
            case Q4_K, Q5_K, Q6_K -> KKernel.of(dtype);
            case F32, F16, BF16, I32, I64, F64 ->
                throw new IllegalArgumentException("expected a quantised type, got " + dtype);
        };
    }

    /**
     * Returns the number of bytes of a block's scale (an f16) if it is stored separately from the lane's words, or 0 if
     * the words contain the scale.
     */
    int scaleBytes();

    /** Returns the number of bytes in the words of one block in a lane. */
    int wordBytes();

    /** Creates an object that stores activations and multiplies them by weights of this type. */
    Inputs inputs();

    /**
     * Writes the numbers of one stored block to its lane.
     *
     * @param at byte offset of the stored block
     * @param to byte offset of the lane's first word; words are {@link QuantisedPacking#WORD} bytes apart
     */
    void pack(MemorySegment from, long at, MemorySegment data, long to);

    /**
     * Writes a block of a group as f32 to one half of a panel. Column c begins at float
     * {@code c * PANEL + half * COUNT}.
     *
     * @param scales byte offset of the block's scales
     * @param words byte offset of the block's words
     * @param unit factor of the scales; see {@link QuantisedPacking#scales}
     * @param to byte offset of the half's first column
     */
    void unpack(MemorySegment data, long scales, long words, float unit, MemorySegment panel, long to);

    /**
     * Rounds a block of a group to bf16 and writes it in the layout {@link MatrixProvider.Layout#PAIRS}. The numbers
     * are those of {@link #unpack}, rounded as in {@link BrainFloats}, except that zeros can have the other sign.
     *
     * <p>Each implementation is one method without helpers, because the JIT inlines the Vector API's methods into a
     * method body of any length, but not other methods. With helpers, it is three to five times slower.
     *
     * @param to byte offset of the group's first pair of columns; pairs are {@link BrainFloats#PAIR} bytes apart
     */
    void unpackPairs(MemorySegment data, long scales, long words, float unit, MemorySegment pairs, long to);

    /**
     * Rows of activations, prepared once for all products of one input with weights of a quantised type. An object is
     * reused: one thread sets the next activations while no other thread reads the object.
     */
    interface Inputs {
        /** Sets new activations, [rows, columns]. The number of columns must be a multiple of the type's block size. */
        void set(Block x, ComputePool pool);

        /**
         * Adds the products of a run of blocks with up to three rows to the outputs. The caller then multiplies the
         * outputs by {@link QuantisedWeight#scale}. A row's sum does not depend on the other rows.
         *
         * @param block first block of the run
         * @param row first row of activations
         * @param rows number of rows of activations, 1 to 3
         * @param y outputs, [groups, SIDE, rows, COUNT], starting at {@code to}
         */
        void add(QuantisedWeight w, QuantisedWeight.Streams streams, int block, int row, int rows, float[] y, int to);
    }
}
