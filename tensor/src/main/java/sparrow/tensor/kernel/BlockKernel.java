package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import sparrow.tensor.DType;

/**
 * The vector kernels of one quantised type: the layout of its blocks in a {@link QuantisedWeight}, and the products with
 * them.
 */
interface BlockKernel {
    /**
     * The kernel of a type: the one place in this package that lists them.
     *
     * @throws IllegalArgumentException if the type is not quantised
     */
    static BlockKernel of(DType dtype) {
        return switch (dtype) {
            case Q8_0 -> Q8Kernel.INSTANCE;
            case Q4_0 -> Q4Kernel.INSTANCE;
            case Q4_K, Q5_K, Q6_K -> KKernel.of(dtype);
            case F32, F16, BF16, I32, I64, F64 -> throw new IllegalArgumentException("quantised matrix of " + dtype);
        };
    }

    /** Bytes of the scale of a stored block that lies apart from its lane's words: an f16, or 0 where the words hold it. */
    int scaleBytes();

    /** Bytes of a lane's words of a block. */
    int wordBytes();

    /** A new holder of activations for products with this type, which also computes them. */
    Inputs inputs();

    /**
     * Lays the numbers of one stored block into its lane.
     *
     * @param at first byte of the stored block
     * @param to byte of the lane's first word; the next one is {@link QuantisedPacking#WORD} bytes on
     */
    void pack(MemorySegment from, long at, MemorySegment data, long to);

    /**
     * Writes a block of a group as f32 into one half of a panel: column c at float {@code c * PANEL + half * COUNT}.
     *
     * @param scales first byte of its scales
     * @param words first byte of its words
     * @param unit factor of its scales, as {@link QuantisedPacking#scales} takes it
     * @param to byte of the half's first column
     */
    void unpack(MemorySegment data, long scales, long words, float unit, MemorySegment panel, long to);

    /**
     * Rows of activations, prepared once for all products of a quantised type with them. One object serves one
     * thread's products in turn; other threads read it meanwhile.
     */
    interface Inputs {
        /** Takes new activations, [rows, columns], columns a multiple of the type's blocks. */
        void set(Block x, ComputePool pool);

        /**
         * Adds the products of a run of blocks with up to three rows to their outputs, which {@link QuantisedWeight#scale} then
         * brings to their size. A row's sum does not depend on the rows beside it.
         *
         * @param block the run's first
         * @param row first row of activations
         * @param rows 1 to 3
         * @param y outputs, [groups, SIDE, rows, COUNT] from {@code to} on
         */
        void add(QuantisedWeight w, QuantisedWeight.Streams streams, int block, int row, int rows, float[] y, int to);
    }
}
