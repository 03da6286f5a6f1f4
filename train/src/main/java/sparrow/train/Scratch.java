package sparrow.train;

import sparrow.tensor.kernel.Block;

/** Memory for blocks of one width, kept from batch to batch. */
final class Scratch {
    private final int columns;
    private float[] memory = {};

    Scratch(int columns) {
        this.columns = columns;
    }

    /** A block of so many rows of any content. */
    Block rows(int rows) {
        int length = Math.multiplyExact(rows, columns);
        if (memory.length < length) memory = new float[length];
        return Block.of(memory, rows, columns);
    }
}
