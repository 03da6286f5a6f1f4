package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import sparrow.tensor.DType;
import sparrow.tensor.SuperBlock;

/**
 * The kernel for q4_K, q5_K and q6_K. A block starts with its scale and, if the type has one, its minimum, as f32.
 * These two numbers are followed by the scales of its groups with four bytes per word, by the minima of the groups, and
 * by the codes, which occupy complete words for each group. A word contains as many complete codes as fit, starting at
 * its lowest bit. The remaining one or two bits of each word contain parts of the codes of the group's last columns.
 * {@link KDots} computes the products.
 */
final class KKernel implements BlockKernel {
    private static final KKernel Q4 = new KKernel(DType.Q4_K, 4, 32, true);
    private static final KKernel Q5 = new KKernel(DType.Q5_K, 5, 32, true);
    private static final KKernel Q6 = new KKernel(DType.Q6_K, 6, 16, false);

    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LE);

    private final DType type;
    private final boolean minima;

    /** Number of columns in a group. */
    private final int size;

    /** Number of words in a group. */
    private final int words;

    /** Number of complete codes in a word. */
    private final int codes;

    /** The lowest bit of each part of a word, codes first. */
    private final int[] places;

    /** Number of bits of each part of a word. */
    private final int[] bits;

    private final int[] masks;

    private KKernel(DType type, int codeBits, int size, boolean minima) {
        this.type = type;
        this.minima = minima;
        this.size = size;
        words = size * codeBits / Integer.SIZE;
        codes = Integer.SIZE / codeBits;
        int parts = codes + size - codes * words;
        places = new int[parts];
        bits = new int[parts];
        masks = new int[parts];
        for (int part = 0, place = 0; part < parts; part++) {
            places[part] = place;
            bits[part] = part < codes ? codeBits : codeBits / words;
            masks[part] = mask(part) << place;
            place += bits[part];
        }
    }

    /** Returns the kernel for a K-quant type. */
    static KKernel of(DType type) {
        return switch (type) {
            case Q4_K -> Q4;
            case Q5_K -> Q5;
            default -> Q6;
        };
    }

    /** Returns whether groups have minima. */
    boolean hasMinima() {
        return minima;
    }

    /** Returns the number of groups in a block. */
    int groups() {
        return SuperBlock.NUMBERS / size;
    }

    /** Returns the number of words with the codes of a group. */
    int words() {
        return words;
    }

    /** Returns the number of words in a block that precede its codes. */
    int head() {
        return minima ? 2 + groups() / 2 : 1 + groups() / 4;
    }

    /** Returns the mask of each part of a word. */
    int[] masks() {
        return masks;
    }

    /** Returns the lowest bit of the last part of a word. */
    int lastPlace() {
        return places[places.length - 1];
    }

    private int mask(int part) {
        return (1 << bits[part]) - 1;
    }

    /** Returns the column, within its group, to which a part of a word belongs. */
    private int column(int word, int part) {
        return part < codes ? codes * word + part : codes * (words - 1) + part;
    }

    /** Returns the position, within its code, of the lowest bit of a part of a word. */
    private int shift(int word, int part) {
        return part < codes ? 0 : bits[part] * word;
    }

    @Override
    public int scaleBytes() {
        return 0;
    }

    @Override
    public int wordBytes() {
        return Integer.BYTES * (head() + groups() * words);
    }

    @Override
    public BlockKernel.Inputs inputs() {
        return new Inputs(this);
    }

    @Override
    public void pack(MemorySegment from, long at, MemorySegment data, long to) {
        SuperBlock block = new SuperBlock(type);
        block.read(from, at);
        long next = put(data, to, Float.floatToRawIntBits(block.scale()));
        if (minima) next = put(data, next, Float.floatToRawIntBits(block.minimum()));
        next = putBytes(data, next, block.scales());
        if (minima) next = putBytes(data, next, block.minima());
        for (int group = 0; group < groups(); group++) {
            for (int word = 0; word < words; word++) {
                int all = 0;
                for (int part = 0; part < places.length; part++) {
                    int code = block.codes()[group * size + column(word, part)];
                    all |= (code >> shift(word, part) & mask(part)) << places[part];
                }
                next = put(data, next, all);
            }
        }
    }

    private static long putBytes(MemorySegment data, long to, int[] bytes) {
        long next = to;
        for (int i = 0; i < bytes.length; i += 4) {
            int word = bytes[i] & 0xff | (bytes[i + 1] & 0xff) << 8 | (bytes[i + 2] & 0xff) << 16 | bytes[i + 3] << 24;
            next = put(data, next, word);
        }
        return next;
    }

    private static long put(MemorySegment data, long to, int word) {
        data.set(I32, to, word);
        return to + QuantisedPacking.WORD;
    }

    @Override
    public void unpack(MemorySegment data, long scales, long words, float unit, MemorySegment panel, long to) {
        FloatVector scale = FloatVector.fromMemorySegment(Lanes.F32, data, words, LE);
        FloatVector minimum = minima
                ? FloatVector.fromMemorySegment(Lanes.F32, data, words + QuantisedPacking.WORD, LE)
                : FloatVector.zero(Lanes.F32);
        long bytes = words + (minima ? 2 : 1) * QuantisedPacking.WORD;
        long minimumBytes = bytes + groups() / 4 * QuantisedPacking.WORD;
        for (int group = 0; group < groups(); group++) {
            FloatVector factor = scale.mul(bytes(data, bytes, group));
            FloatVector less = minima ? minimum.mul(bytes(data, minimumBytes, group)) : minimum;
            long first = words + (head() + group * this.words) * QuantisedPacking.WORD;
            for (int column = 0; column < size; column++) {
                FloatVector code = (FloatVector) code(data, first, column).convert(VectorOperators.I2F, 0);
                if (!minima) code = code.sub(Inputs.OFFSET);
                code.mul(factor)
                        .sub(less)
                        .intoMemorySegment(panel, to + (group * size + column) * QuantisedPacking.COLUMN, LE);
            }
        }
    }

    @Override
    public void unpackPairs(MemorySegment data, long scales, long words, float unit, MemorySegment pairs, long to) {
        switch (type) {
            case Q4_K -> KPairs.q4(data, words, pairs, to);
            case Q5_K -> KPairs.q5(data, words, pairs, to);
            default -> KPairs.q6(data, words, pairs, to);
        }
    }

    /** Returns one signed byte of each lane as f32. */
    static FloatVector bytes(MemorySegment data, long at, int index) {
        IntVector word = IntVector.fromMemorySegment(Lanes.I32, data, at + index / 4 * QuantisedPacking.WORD, LE);
        IntVector signed =
                word.lanewise(VectorOperators.LSHL, 24 - 8 * (index % 4)).lanewise(VectorOperators.ASHR, 24);
        return (FloatVector) signed.convert(VectorOperators.I2F, 0);
    }

    /** Returns the codes of a column in the group whose words begin at byte {@code first}. */
    private IntVector code(MemorySegment data, long first, int column) {
        if (column < codes * words) return part(data, first, column / codes, column % codes);
        IntVector code = IntVector.zero(Lanes.I32);
        for (int word = 0; word < words; word++) {
            int part = column - codes * (words - 1);
            code = code.or(part(data, first, word, part).lanewise(VectorOperators.LSHL, shift(word, part)));
        }
        return code;
    }

    private IntVector part(MemorySegment data, long first, int word, int part) {
        return IntVector.fromMemorySegment(Lanes.I32, data, first + word * QuantisedPacking.WORD, LE)
                .lanewise(VectorOperators.LSHR, places[part])
                .and(mask(part));
    }

    /**
     * Rows of activations, converted to factors for {@link KDots}. The factors are f32 values multiplied by powers of
     * two.
     */
    static final class Inputs implements BlockKernel.Inputs {
        /** Offset of the codes of a type without minima. */
        static final float OFFSET = 32;

        /** Number of blocks per piece of work. */
        private static final int PIECE = 16;

        private final KKernel kernel;

        /** The column of each part of each word in a group. */
        private final int[] columns;

        /** The power of two that scales each part of each word to its position in a code. */
        private final float[] powers;

        private int blocks;
        private float[] factors = new float[0];
        private float[] sums = new float[0];

        Inputs(KKernel kernel) {
            this.kernel = kernel;
            int parts = kernel.places.length;
            columns = new int[kernel.words * parts];
            powers = new float[columns.length];
            for (int i = 0; i < columns.length; i++) {
                int word = i / parts;
                int part = i % parts;
                columns[i] = kernel.column(word, part);
                // The last part is shifted right before it is multiplied.
                int place = part == parts - 1 ? 0 : kernel.places[part];
                powers[i] = Math.scalb(1f, kernel.shift(word, part) - place);
            }
        }

        KKernel kernel() {
            return kernel;
        }

        /** Returns a factor for each part of each word, [rows, blocks, groups, words, parts]. */
        float[] factors() {
            return factors;
        }

        /** Returns the factors of the minima or of the codes' offset, [rows, blocks, groups]. */
        float[] sums() {
            return sums;
        }

        @Override
        public void set(Block x, ComputePool pool) {
            blocks = x.columns() / SuperBlock.NUMBERS;
            int count = x.rows() * blocks;
            int groups = kernel.groups();
            if (sums.length < count * groups) {
                factors = new float[Math.multiplyExact(count * groups, columns.length)];
                sums = new float[count * groups];
            }
            pool.forEach(Math.ceilDiv(count, PIECE), piece -> {
                int end = Math.min(count, (piece + 1) * PIECE);
                for (int at = piece * PIECE; at < end; at++) {
                    int from = x.row(at / blocks) + at % blocks * SuperBlock.NUMBERS;
                    for (int group = 0; group < groups; group++) {
                        group(x.data(), from + group * kernel.size, at * groups + group);
                    }
                }
            });
        }

        private void group(float[] x, int from, int group) {
            int to = group * columns.length;
            for (int i = 0; i < columns.length; i++) factors[to + i] = x[from + columns[i]] * powers[i];
            float sum = 0;
            for (int c = 0; c < kernel.size; c++) sum += x[from + c];
            sums[group] = kernel.minima ? -sum : -OFFSET * sum;
        }

        @Override
        public void add(
                QuantisedWeight w, QuantisedWeight.Streams streams, int block, int row, int rows, float[] y, int to) {
            for (int group = 0; group < streams.groups(); group++, to += QuantisedWeight.SIDE * rows * Lanes.COUNT) {
                long words = streams.words(group);
                for (int i = 0; i < streams.blocks(); i++, words += w.wordBytes()) {
                    for (int k = 0; k < rows; k++) {
                        int at = (row + k) * blocks + block + i;
                        KDots.add(
                                w.data(),
                                words,
                                streams.wordStep(),
                                this,
                                at,
                                y,
                                to + k * Lanes.COUNT,
                                rows * Lanes.COUNT);
                    }
                }
            }
        }
    }
}
