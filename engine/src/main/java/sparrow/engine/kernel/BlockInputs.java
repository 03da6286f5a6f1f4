package sparrow.engine.kernel;

/**
 * Rows of activations, prepared once for all products of a quantised type with them. One object serves one thread's products
 * in turn; other threads read it meanwhile.
 */
interface BlockInputs {
    /** Takes new activations, [rows, columns], columns a multiple of the type's blocks. */
    void set(Block x, ComputePool pool);

    /**
     * Adds the products of a run of blocks of {@link QuantisedWeight#SIDE} neighbouring groups with up to three rows to
     * their outputs. A row's sum does not depend on the rows beside it.
     *
     * @param group the first of the groups
     * @param block the run's first
     * @param row first row of activations
     * @param rows 1 to 3
     * @param y outputs, [groups, rows, COUNT] from {@code to} on
     */
    void add(QuantisedWeight w, int group, int block, int row, int rows, float[] y, int to);
}
