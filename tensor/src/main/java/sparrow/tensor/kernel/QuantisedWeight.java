package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import sparrow.tensor.DType;

/**
 * A quantised weight repacked so that the lanes of a vector are matrix rows. A group consists of {@link Lanes#COUNT}
 * rows, a bundle consists of 64 rows, and each bundle is stored as consecutive runs of columns. A run begins with the
 * f16 scales of all groups, [groups, blocks, COUNT], unless the words contain them. The numbers follow, [groups,
 * blocks, words of a block, COUNT], with one 32-bit word of each row. The type's {@link BlockKernel} defines the
 * columns in a word. If the {@link ReadOrder} is adjacent, each group's numbers follow its own scales instead.
 *
 * <p>A product reads {@link Streams}, which are four bundles in parallel, each read sequentially through a run. There
 * are four streams because one stream does not keep a core busy, and the streams are long because a prefetcher requires
 * time to follow a new stream. A run is short enough for its activations to stay in the first-level cache. No load
 * crosses a cache line. The last bundle is padded with zero rows; otherwise, the size equals the stored size.
 *
 * @param data packed numbers, [rows / 64, runs, scales and words of a run]; the last run may be shorter
 * @param dtype quantised type
 * @param order order in which products read the weight
 * @param exponents exponents, one per bundle, of the powers of two by which the scales are multiplied; see
 *     {@link QuantisedPacking}
 */
record QuantisedWeight(MemorySegment data, DType dtype, int rows, int columns, ReadOrder order, int[] exponents)
        implements Weight {
    /** Number of groups in a bundle of 64 rows. */
    static final int GROUPS = ROW_GROUP / Lanes.COUNT;

    /** Number of streams that a product reads in parallel. */
    static final int SIDE = 4;

    /** Maximum number of columns in a run. A run of 4-bit numbers takes 36 KB per group. */
    static final int MAX_RUN_COLUMNS = 32 * 16 * 128 / Lanes.COUNT;

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
        return new QuantisedWeight(slice, dtype, to - from, columns, order, Arrays.copyOfRange(exponents, first, end));
    }

    /** Returns the kernel for the weight's type. */
    BlockKernel kernel() {
        return BlockKernel.of(dtype);
    }

    /** Returns the number of bundles of 64 rows. */
    int bundles() {
        return exponents.length;
    }

    /** Returns the number of blocks in a row. */
    int blocks() {
        return columns / dtype.blockElements();
    }

    /**
     * Returns the number of blocks in a run. It is nearly the same in each run and even, so that scales fill complete
     * cache lines.
     */
    int run() {
        int runs = Math.max(1, Math.ceilDiv(columns, MAX_RUN_COLUMNS));
        return Math.max(2, Math.ceilDiv(Math.ceilDiv(blocks(), runs), 2) * 2);
    }

    /** Returns the place of a block of a group. */
    Place place(int group, int block) {
        int first = block / run() * run();
        int length = Math.min(run(), blocks() - first);
        long start = group / GROUPS * bundleBytes() + first / run() * GROUPS * groupBytes(run());
        long scales = start + group % GROUPS * scaleRun(length);
        long before = (order.adjacent() ? 1 : GROUPS) * length * scaleBytes();
        long words = start + before + group % GROUPS * wordRun(length);
        return new Place(
                scales + (block - first) * scaleBytes(), words + (block - first) * wordBytes(), first + length - block);
    }

    /**
     * The location of a block of a group in the packed data.
     *
     * @param scales byte offset of the block's scales, which are followed by the scales of the run's next block
     * @param words byte offset of the block's words, which are followed by the words of the run's next block
     * @param left number of blocks from this block to the end of the run
     */
    record Place(long scales, long words, int left) {}

    /**
     * Returns the streams for a run of consecutive groups in each of {@link #SIDE} bundles.
     *
     * @param group first group in the first bundle
     * @param groups number of groups in each bundle
     * @param block first block of the run
     */
    Streams streamsOfBundles(int group, int groups, int block) {
        return streams(place(group, block), groups, bundleBytes(), bundleBytes());
    }

    /**
     * Returns the streams for a run of {@link #SIDE} adjacent groups of one bundle.
     *
     * @param group first group
     * @param block first block of the run
     */
    Streams streamsOfGroups(int group, int block) {
        Place place = place(group, block);
        return streams(place, 1, scaleRun(place.left()), wordRun(place.left()));
    }

    private Streams streams(Place place, int groups, long scaleStep, long wordStep) {
        return new Streams(
                place.scales(),
                place.words(),
                scaleStep,
                wordStep,
                scaleRun(place.left()),
                wordRun(place.left()),
                groups,
                place.left());
    }

    /** Returns the number of bytes from a group's scales in a run to the next group's scales. */
    private long scaleRun(int length) {
        return order.adjacent() ? groupBytes(length) : length * scaleBytes();
    }

    /** Returns the number of bytes from a group's words in a run to the next group's words. */
    private long wordRun(int length) {
        return order.adjacent() ? groupBytes(length) : length * wordBytes();
    }

    /**
     * A run of groups as read by a product. It consists of {@link #SIDE} streams of consecutive groups.
     *
     * @param scales byte offset of the first scales
     * @param words byte offset of the first words
     * @param scaleStep number of bytes from the scales of one stream to the scales of the next stream
     * @param wordStep number of bytes from the words of one stream to the words of the next stream
     * @param scaleRun number of bytes in a group's scales
     * @param wordRun number of bytes in a group's words
     * @param groups number of groups in a stream
     * @param blocks number of blocks in the run
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
        /** Returns the byte offset of a group's scales in the first stream. */
        long scales(int group) {
            return scales + group * scaleRun;
        }

        /** Returns the byte offset of a group's words in the first stream. */
        long words(int group) {
            return words + group * wordRun;
        }
    }

    /** Returns the factor by which a group's sums are multiplied to undo the multiplication of its scales. */
    float scale(int group) {
        return Math.scalb(1f, -exponents[group / GROUPS]);
    }

    /** Returns the number of bytes in the words of one block of a group. */
    long wordBytes() {
        return (long) kernel().wordBytes() * Lanes.COUNT;
    }

    /** Returns the number of bytes in the scales of one block of a group. */
    private long scaleBytes() {
        return (long) kernel().scaleBytes() * Lanes.COUNT;
    }

    /** Returns the number of bytes of a run of one group. */
    private long groupBytes(int length) {
        return length * (scaleBytes() + wordBytes());
    }

    /** Returns the number of bytes from a group to the corresponding group of the next bundle. */
    long bundleBytes() {
        int whole = blocks() / run();
        int rest = blocks() - whole * run();
        return GROUPS * (whole * groupBytes(run()) + (rest > 0 ? groupBytes(rest) : 0));
    }
}
