package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;
import sparrow.engine.tensor.DType;

/**
 * What the vector kernels do with the blocks of one quantised type. Its methods are called once for a run of blocks or a
 * matrix row, never inside of their loops.
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
            case F32, F16, BF16, I32, I64, F64 -> throw new IllegalArgumentException("quantised matrix of " + dtype);
        };
    }

    /** Whether products take the activations in {@link RunInputs#quantised}. */
    boolean quantisesInputs();

    /**
     * Lays one stored matrix row into its lane of a group.
     *
     * @param start first byte of the row
     */
    void pack(MemorySegment from, long start, QuantisedWeight to, int group, int lane);

    /**
     * Writes blocks of a group as f32 into one half of a panel: column c at float {@code c * PANEL + half * COUNT}.
     *
     * @param at first byte of the blocks
     * @param to first byte of the half
     */
    void unpack(MemorySegment w, long at, int blocks, MemorySegment panel, long to);

    /**
     * Adds the products of a run of blocks of a group with up to three rows to their outputs.
     *
     * @param at first byte of the run
     * @param y outputs of the group, [rows, COUNT] from {@code to} on
     */
    void add(MemorySegment w, long at, int blocks, RunInputs x, float[] y, int to);
}
