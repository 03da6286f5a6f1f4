package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import sparrow.engine.tensor.DType;

/**
 * A quantised weight repacked so that a vector's lanes are matrix rows: groups of {@link Lanes#COUNT} rows, bundles of 64
 * rows, and of a bundle one run of columns after the other. Of a run every group holds first the f16 scales of all its
 * blocks, [blocks, COUNT], if they do not lie among the words, then their numbers, [blocks, words of a block, COUNT], one
 * 32-bit word of each row side by side. The type's {@link BlockKernel} says which columns a word holds.
 *
 * <p>A product reads {@link #SIDE} groups at a time, as streams of some 32 KB: a prefetcher takes a while to follow a stream, and
 * one of them does not keep a core busy. Shorter ones are made longer: the groups are then of as many bundles, and those behind
 * them come next. A run's activations stay in the first-level cache meanwhile. No load crosses a cache line. The last 64 rows are filled up with zeros; but for those there are as many bytes as stored.
 *
 * @param data [rows / 64, runs, 64 / COUNT groups, a run's scales and words]; the last run may be shorter
 * @param dtype a quantised type
 * @param exponents of each bundle: its scales are stored times two to this power, see {@link QuantisedPacking}
 */
record QuantisedWeight(MemorySegment data, DType dtype, int rows, int columns, int[] exponents) implements Weight {
    /** Groups of 64 rows. */
    static final int GROUPS = ROW_GROUP / Lanes.COUNT;

    /** Groups that a product reads side by side. */
    static final int SIDE = 4;

    /** Measured: shorter streams gain from following each other, longer ones lose by standing further apart. */
    private static final long SHORT_STREAM = 20 << 10;

    /** The most columns of a run: 36 KB of a group in four bits. */
    static final int LONGEST_RUN = 32 * 2048 / Lanes.COUNT;

    @Override
    public long bytes() {
        return data.byteSize();
    }

    @Override
    public Weight rows(int from, int to) {
        Shapes.rows(this, from, to);
        int first = from / ROW_GROUP;
        int end = Math.ceilDiv(to, ROW_GROUP);
        MemorySegment slice = data.asSlice(first * bundleBytes(), (end - first) * bundleBytes());
        return new QuantisedWeight(slice, dtype, to - from, columns, Arrays.copyOfRange(exponents, first, end));
    }

    /** The kernel of its blocks. */
    BlockKernel kernel() {
        return BlockKernel.of(dtype);
    }

    /** Bundles of 64 rows. */
    int bundles() {
        return exponents.length;
    }

    /** Blocks of columns in a row. */
    int blocks() {
        return columns / dtype.blockElements();
    }

    /** Blocks of a run: about as many in each, and an even number, so that scales fill whole cache lines. */
    int run() {
        int runs = Math.ceilDiv(columns, LONGEST_RUN);
        return Math.ceilDiv(Math.ceilDiv(blocks(), runs), 2) * 2;
    }

    /** The place of a block. */
    Place place(int group, int block) {
        int run = run();
        int first = block / run * run;
        int length = Math.min(run, blocks() - first);
        long words = wordBytes();
        long scales = scaleBytes();
        long stride = length * (scales + words);
        long start = group / GROUPS * bundleBytes() + first * GROUPS * (scales + words) + group % GROUPS * stride;
        int within = block - first;
        return new Place(start + within * scales, start + length * scales + within * words, stride, length - within);
    }

    /**
     * The place of a block of a group.
     *
     * @param scales byte offset of its scales; those of the run's next block follow
     * @param words byte offset of its words; those of the run's next block follow
     * @param stride bytes from a group to the next one of its bundle
     * @param left blocks from here to the end of the run
     */
    record Place(long scales, long words, long stride, int left) {
        /** The same with another stride. */
        Place at(long other) {
            return new Place(scales, words, other, left);
        }
    }

    /** The factor of a group's sums, since its scales are stored larger than they are. */
    float scale(int group) {
        return Math.scalb(1f, -exponents[group / GROUPS]);
    }

    /** Bytes of the words of one block of a group. */
    long wordBytes() {
        return (long) kernel().wordBytes() * Lanes.COUNT;
    }

    /** Bytes of the scales of one block of a group. */
    private long scaleBytes() {
        return (long) kernel().scaleBytes() * Lanes.COUNT;
    }

    /** Whether a group is read too soon for a prefetcher to follow: 9 KB at 1024 columns of four bits. */
    boolean hasShortStreams() {
        return blocks() * (scaleBytes() + wordBytes()) < SHORT_STREAM;
    }

    /** Bytes from a group to the one of its place in the next bundle. */
    long bundleBytes() {
        return blocks() * (scaleBytes() + wordBytes()) * GROUPS;
    }
}
