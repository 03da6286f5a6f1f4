package sparrow.train;

import sparrow.tensor.kernel.Block;

/** Memory for blocks of one width, which is reused for each batch. */
final class Scratch {
    private final int columns;
    private float[] memory = {};

    Scratch(int columns) {
        this.columns = columns;
    }

    /** Returns a block with the given number of rows. Its content is undefined. */
    Block rows(int rows) {
        int length = Math.multiplyExact(rows, columns);
        if (memory.length < length) memory = new float[length];
        return Block.of(memory, rows, columns);
    }
}
