package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;
import sparrow.engine.tensor.DType;

/**
 * A quantised weight repacked so that a vector's lanes are matrix rows: groups of {@link Lanes#COUNT} rows, and in a
 * group, for each block of 32 columns, the rows' f16 scales and then the block's numbers, one 32-bit word of each row
 * side by side. A word of q8_0 holds four columns in their order; a word of q4_0 eight, see {@link NibbleDots}. The last
 * group is filled up with zero rows. As many bytes as stored, but for those.
 *
 * @param data [groups, columns / 32] blocks
 * @param dtype q8_0 or q4_0
 */
record LaneWeight(MemorySegment data, DType dtype, int rows, int columns) implements Weight {
    @Override
    public long bytes() {
        return data.byteSize();
    }

    @Override
    public Weight rows(int from, int to) {
        Shapes.rows(this, from, to);
        int count = Math.ceilDiv(to - from, Lanes.COUNT);
        return new LaneWeight(data.asSlice(at(from / Lanes.COUNT, 0), at(count, 0)), dtype, to - from, columns);
    }

    int groups() {
        return Math.ceilDiv(rows, Lanes.COUNT);
    }

    /** Blocks of 32 columns in a row. */
    int blocks() {
        return columns / dtype.blockElements();
    }

    /** Bytes of one block of a group: its scales, then its words. */
    long blockBytes() {
        return (long) dtype.blockBytes() * Lanes.COUNT;
    }

    /** Byte offset of a block of a group. */
    long at(int group, int block) {
        return ((long) group * blocks() + block) * blockBytes();
    }
}
