package sparrow.tensor.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import sparrow.tensor.Matrix;

/**
 * Converts stored blocks to {@link QuantisedWeight}s, and {@link QuantisedWeight}s to f32 panels.
 *
 * <p>The scales of a bundle are multiplied by the largest power of two for which all of them fit in an f16. Subnormal
 * scales then become normal numbers, unless another scale of the same 64 rows is a billion times larger. The
 * multiplication is exact. With subnormal scales, a product would be five times slower on some processors.
 */
final class QuantisedPacking {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfShort F16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LE);

    /** Exponent bits of the largest f16. */
    private static final int LARGEST_EXPONENT = 30;

    /** Number of bytes from one word of a row to the next, which is the size of one word of every row of a group. */
    static final long WORD = 4L * Lanes.COUNT;

    /** Number of bytes in a panel's column. */
    static final long COLUMN = 4L * Lanes.PANEL;

    private QuantisedPacking() {}

    /** Packs a quantised matrix, with its rows interleaved, in memory allocated from {@code arena}. */
    static QuantisedWeight pack(Matrix w, Arena arena, ComputePool pool) {
        return pack(w, ReadOrder.of(w.columns()), arena, pool);
    }

    /** Packs a quantised matrix for an order of reading. */
    static QuantisedWeight pack(Matrix w, ReadOrder order, Arena arena, ComputePool pool) {
        int bundles = Math.ceilDiv(w.rows(), Weight.ROW_GROUP);
        BlockKernel kernel = BlockKernel.of(w.dtype());
        QuantisedWeight empty =
                new QuantisedWeight(MemorySegment.NULL, w.dtype(), w.rows(), w.columns(), order, new int[bundles]);
        MemorySegment data = HugePages.allocate(bundles * empty.bundleBytes(), arena);
        QuantisedWeight packed = new QuantisedWeight(data, w.dtype(), w.rows(), w.columns(), order, empty.exponents());
        pool.forEach(bundles, bundle -> {
            int first = bundle * Weight.ROW_GROUP;
            int end = Math.min(w.rows(), first + Weight.ROW_GROUP);
            int exponent = kernel.scaleBytes() == 0 ? 0 : exponent(w, first, end);
            packed.exponents()[bundle] = exponent;
            for (int row = first; row < end; row++) packRow(w, row, exponent, packed);
        });
        HugePages.evict(w.data());
        return packed;
    }

    /**
     * Returns the exponent of the power of two by which the scales of rows {@code first} to {@code end} (exclusive) can
     * be multiplied.
     */
    private static int exponent(Matrix w, int first, int end) {
        int largest = 0;
        for (long at = first * w.rowBytes();
                at < end * w.rowBytes();
                at += w.dtype().blockBytes()) {
            largest = Math.max(largest, w.data().get(F16, at) & 0x7fff);
        }
        return Math.max(0, LARGEST_EXPONENT - Math.max(1, largest >> 10));
    }

    private static void packRow(Matrix w, int row, int exponent, QuantisedWeight to) {
        BlockKernel kernel = to.kernel();
        int group = row / Lanes.COUNT;
        int lane = row % Lanes.COUNT;
        long from = row * w.rowBytes();
        float factor = Math.scalb(1f, exponent);
        for (int block = 0; block < to.blocks(); ) {
            QuantisedWeight.Place place = to.place(group, block);
            long words = place.words() + 4L * lane;
            for (int i = 0; i < place.left(); i++, from += w.dtype().blockBytes(), words += to.wordBytes()) {
                if (kernel.scaleBytes() > 0) {
                    float scale = Float.float16ToFloat(w.data().get(F16, from)) * factor;
                    to.data().set(F16, place.scales() + 2L * (i * Lanes.COUNT + lane), Float.floatToFloat16(scale));
                }
                kernel.pack(w.data(), from, to.data(), words);
            }
            block += place.left();
        }
    }

    /** Returns a block's scales as an f32 vector, multiplied by {@code unit}. */
    static FloatVector scales(MemorySegment data, long at, float unit) {
        return Lanes.f16(ShortVector.fromMemorySegment(Lanes.HALF, data, at, LE), unit);
    }

    /** Writes complete blocks of columns of the PANEL matrix rows that begin at {@code row} as an f32 panel. */
    static void unpackPanel(QuantisedWeight w, int row, int column, int end, MemorySegment panel) {
        int width = w.dtype().blockElements();
        for (int half = 0; half < 2; half++) {
            unpack(w, row / Lanes.COUNT + half, column / width, (end - column) / width, panel, half * WORD);
        }
    }

    /**
     * Writes complete blocks of columns of the {@link MatrixProvider#OUTPUT_GROUP} matrix rows that begin at {@code row}
     * in the layout {@link MatrixProvider.Layout#PAIRS}. The groups of a block follow each other, so that whole cache
     * lines are written.
     */
    static void unpackPairs(QuantisedWeight w, int row, int column, int end, MemorySegment pairs, long to) {
        BlockKernel kernel = w.kernel();
        int group = row / Lanes.COUNT;
        int width = w.dtype().blockElements();
        float unit = Lanes.F16_REBIAS * w.scale(group);
        for (int block = column / width; block < end / width; ) {
            QuantisedWeight.Place place = w.place(group, block);
            QuantisedWeight.Place next = w.place(group + 1, block);
            int count = Math.min(place.left(), end / width - block);
            for (int i = 0; i < count; i++, to += width / 2 * BrainFloats.PAIR) {
                long scales = place.scales() + 2L * i * Lanes.COUNT;
                long words = place.words() + i * w.wordBytes();
                for (int g = 0; g < QuantisedWeight.GROUPS; g++) {
                    kernel.unpackPairs(w.data(), scales, words, unit, pairs, to + g * WORD);
                    scales += next.scales() - place.scales();
                    words += next.words() - place.words();
                }
            }
            block += count;
        }
    }

    private static void unpack(QuantisedWeight w, int group, int block, int blocks, MemorySegment panel, long to) {
        BlockKernel kernel = w.kernel();
        float unit = Lanes.F16_REBIAS * w.scale(group);
        long columns = w.dtype().blockElements() * COLUMN;
        for (int end = block + blocks; block < end; ) {
            QuantisedWeight.Place place = w.place(group, block);
            int count = Math.min(place.left(), end - block);
            for (int i = 0; i < count; i++, to += columns) {
                long scales = place.scales() + 2L * i * Lanes.COUNT;
                kernel.unpack(w.data(), scales, place.words() + i * w.wordBytes(), unit, panel, to);
            }
            block += count;
        }
    }
}
