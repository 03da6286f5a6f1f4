package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import sparrow.tensor.DType;

/**
 * A quantised weight repacked so that a vector's lanes are matrix rows: groups of {@link Lanes#COUNT} rows, bundles of 64
 * rows, and of a bundle one run of columns after the other. A run holds first the f16 scales of all groups, [groups, blocks,
 * COUNT], if they do not lie among the words, then their numbers, [groups, blocks, words of a block, COUNT], one 32-bit word of
 * each row side by side. The type's {@link BlockKernel} says which columns a word holds.
 *
 * <p>A product reads {@link Streams}: four bundles side by side, each from one end of a run to the other. One stream does not keep a
 * core busy, and a prefetcher takes a while to follow one, so that they are as long as they can be. A run's activations stay in
 * the first-level cache meanwhile. No load crosses a cache line. The last 64 rows are filled up with zeros; but for those
 * there are as many bytes as stored.
 *
 * @param data [rows / 64, runs, a run's scales and words]; the last run may be shorter
 * @param dtype a quantised type
 * @param exponents of each bundle: its scales are stored times two to this power, see {@link QuantisedPacking}
 */
record QuantisedWeight(MemorySegment data, DType dtype, int rows, int columns, int[] exponents) implements Weight {
    /** Groups of 64 rows. */
    static final int GROUPS = ROW_GROUP / Lanes.COUNT;

    /** Streams that a product reads side by side. */
    static final int SIDE = 4;

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

    /** The place of a block of a group. */
    Place place(int group, int block) {
        int first = block / run() * run();
        int length = Math.min(run(), blocks() - first);
        long start = group / GROUPS * bundleBytes() + first * GROUPS * (scaleBytes() + wordBytes());
        long scales = (long) group % GROUPS * length + block - first;
        long words = start + GROUPS * length * scaleBytes() + scales * wordBytes();
        return new Place(start + scales * scaleBytes(), words, first + length - block);
    }

    /**
     * The place of a block of a group.
     *
     * @param scales byte offset of its scales; those of the run's next block follow
     * @param words byte offset of its words; those of the run's next block follow
     * @param left blocks from here to the end of the run
     */
    record Place(long scales, long words, int left) {}

    /**
     * A run of some groups of each of {@link #SIDE} bundles, side by side.
     *
     * @param group the first of the first bundle
     * @param groups of each bundle
     * @param block the run's first
     */
    Streams streamsOfBundles(int group, int groups, int block) {
        return streams(place(group, block), groups, bundleBytes(), bundleBytes());
    }

    /**
     * A run of {@link #SIDE} groups of one bundle, side by side.
     *
     * @param group the first
     * @param block the run's first
     */
    Streams streamsOfGroups(int group, int block) {
        Place place = place(group, block);
        return streams(place, 1, place.left() * scaleBytes(), place.left() * wordBytes());
    }

    private Streams streams(Place place, int groups, long scaleStep, long wordStep) {
        long scaleRun = place.left() * scaleBytes();
        long wordRun = place.left() * wordBytes();
        return new Streams(place.scales(), place.words(), scaleStep, wordStep, scaleRun, wordRun, groups, place.left());
    }

    /**
     * A run of groups as a product reads it: {@link #SIDE} streams, in each of them groups that follow each other.
     *
     * @param scales byte offset of the first scales
     * @param words byte offset of the first words
     * @param scaleStep bytes from the scales of a stream to those of the next one
     * @param wordStep bytes from the words of a stream to those of the next one
     * @param scaleRun bytes of a group's scales
     * @param wordRun bytes of a group's words
     * @param groups of a stream
     * @param blocks of the run
     */
    record Streams(
            long scales,
            long words,
            long scaleStep,
            long wordStep,
            long scaleRun,
            long wordRun,
            int groups,
            int blocks) {
        /** Byte offset of a group's scales in the first stream. */
        long scales(int group) {
            return scales + group * scaleRun;
        }

        /** Byte offset of a group's words in the first stream. */
        long words(int group) {
            return words + group * wordRun;
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

    /** Bytes from a group to the one of its place in the next bundle. */
    long bundleBytes() {
        return blocks() * (scaleBytes() + wordBytes()) * GROUPS;
    }
}
