package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;
import sparrow.engine.tensor.DType;

/**
 * A quantised weight repacked so that a vector's lanes are matrix rows: groups of {@link Lanes#COUNT} rows, and in a
 * group, for each block of 32 columns, the rows' f16 scales and then the block's numbers, one 32-bit word of each row
 * side by side. Which columns a word holds its {@link BlockKernel} says.
 *
 * <p>Blocks lie in the order in which a product reads them, because memory is read fastest from end to end: 64 rows after
 * 64 rows, of these {@link #RUN} blocks of columns after as many, and of such a run group after group, so that the run's
 * activations stay in the first-level cache. The last 64 rows are filled up with zeros; but for those there are as many
 * bytes as stored.
 *
 * @param data blocks, [rows / 64, runs, 64 / COUNT, RUN]; the last run may be shorter
 * @param dtype a quantised type
 */
record QuantisedWeight(MemorySegment data, DType dtype, int rows, int columns) implements Weight {
    /** Blocks of columns of one run. */
    static final int RUN = 128;

    /** Groups of 64 rows. */
    static final int GROUPS = ROW_GROUP / Lanes.COUNT;

    @Override
    public long bytes() {
        return data.byteSize();
    }

    @Override
    public Weight rows(int from, int to) {
        Shapes.rows(this, from, to);
        long start = at(from / Lanes.COUNT, 0);
        long bytes = at(Math.ceilDiv(to, ROW_GROUP) * GROUPS, 0) - start;
        return new QuantisedWeight(data.asSlice(start, bytes), dtype, to - from, columns);
    }

    /** What computes with its blocks. */
    BlockKernel kernel() {
        return BlockKernel.of(dtype);
    }

    /** Bundles of 64 rows. */
    int bundles() {
        return Math.ceilDiv(rows, ROW_GROUP);
    }

    /** Blocks of columns in a row. */
    int blocks() {
        return columns / dtype.blockElements();
    }

    /** Bytes of one block of a group: its scales, then its words. */
    long blockBytes() {
        return (long) dtype.blockBytes() * Lanes.COUNT;
    }

    /** Byte offset of a block of a group; the blocks of a run follow one another. */
    long at(int group, int block) {
        int run = block / RUN * RUN;
        int length = Math.min(RUN, blocks() - run);
        long bundle = (long) (group / GROUPS) * GROUPS * blocks();
        return (bundle + (long) run * GROUPS + (long) (group % GROUPS) * length + block - run) * blockBytes();
    }
}
