package sparrow.engine.kernel;

/**
 * Up to three rows of activations, and of these the columns of one run of blocks.
 *
 * @param columns as they are, [rows, columns of the run]
 * @param quantised all rows and columns in bytes; set only where a weight's {@link BlockKernel} takes them so
 * @param firstRow of {@code quantised}
 * @param firstBlock of the run, in {@code quantised}
 */
record RunInputs(Block columns, Q4Inputs quantised, int firstRow, int firstBlock) {}
