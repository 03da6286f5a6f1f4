package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * The kernel for q4_0. A 32-bit word contains eight columns of a row: four adjacent columns and the four columns that
 * are 16 columns later. {@link Q4Dots} computes the products.
 */
final class Q4Kernel implements BlockKernel {
    static final Q4Kernel INSTANCE = new Q4Kernel();

    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LE);

    private Q4Kernel() {}

    @Override
    public int scaleBytes() {
        return Short.BYTES;
    }

    @Override
    public int wordBytes() {
        return 16;
    }

    @Override
    public Inputs inputs() {
        return new Inputs();
    }

    @Override
    public void pack(MemorySegment from, long at, MemorySegment data, long to) {
        for (int word = 0; word < 4; word++) {
            int bytes = from.get(I32, at + 2 + 4L * word);
            data.set(I32, to + word * QuantisedPacking.WORD, nibbles(bytes) | nibbles(bytes >>> 4) << 16);
        }
    }

    /** Returns the low nibbles of four bytes as 16 bits. */
    private static int nibbles(int bytes) {
        int low = bytes & 0x0f0f0f0f;
        int pairs = (low | low >>> 4) & 0x00ff00ff;
        return (pairs | pairs >>> 8) & 0xffff;
    }

    @Override
    public void unpack(MemorySegment data, long scales, long words, float unit, MemorySegment panel, long to) {
        FloatVector scale = QuantisedPacking.scales(data, scales, unit);
        for (int word = 0; word < 4; word++, words += QuantisedPacking.WORD, to += 4 * QuantisedPacking.COLUMN) {
            IntVector v = IntVector.fromMemorySegment(Lanes.I32, data, words, LE);
            for (int n = 0; n < 8; n++, v = v.lanewise(VectorOperators.LSHR, 4)) {
                // The upper half of the word contains the columns that are 16 columns later.
                long column = (n & 3) + 4L * (n & 4);
                ((FloatVector) v.and(15).sub(8).convert(VectorOperators.I2F, 0))
                        .mul(scale)
                        .intoMemorySegment(panel, to + column * QuantisedPacking.COLUMN, LE);
            }
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>A nibble q at bit 8 or 12 of the mantissa, with the exponent 15 or 11, is the number 2^15 + q or 2^11 + q. The
     * difference from the scaled offset is exact because a scale has 11 bits.
     */
    @Override
    public void unpackPairs(MemorySegment data, long scales, long words, float unit, MemorySegment pairs, long to) {
        FloatVector scale = QuantisedPacking.scales(data, scales, unit);
        FloatVector low = scale.mul(-0x1p15f - 8);
        FloatVector high = scale.mul(-0x1p11f - 8);
        for (int word = 0; word < 4; word++, words += QuantisedPacking.WORD, to += 2 * BrainFloats.PAIR) {
            IntVector v = IntVector.fromMemorySegment(Lanes.I32, data, words, LE);
            IntVector t = v.lanewise(VectorOperators.LSHL, 8);
            for (long half = to; half <= to + 8 * BrainFloats.PAIR; half += 8 * BrainFloats.PAIR) {
                for (long at = half; at <= half + BrainFloats.PAIR; at += BrainFloats.PAIR) {
                    FloatVector first = t.and(0xf00).or(0x47000000).reinterpretAsFloats();
                    FloatVector second = t.and(0xf000).or(0x45000000).reinterpretAsFloats();
                    IntVector lower = first.fma(scale, low).reinterpretAsInts().add(BrainFloats.HALF);
                    IntVector upper =
                            second.fma(scale, high).reinterpretAsInts().add(BrainFloats.HALF);
                    lower.lanewise(VectorOperators.LSHR, 16)
                            .or(upper.and(BrainFloats.UPPER))
                            .intoMemorySegment(pairs, at, LE);
                    t = t.lanewise(VectorOperators.LSHR, 8);
                }
                t = v.lanewise(VectorOperators.LSHR, 8);
            }
        }
    }

    /**
     * Rows of activations, converted to factors for {@link Q4Dots}. The activations are quantised to signed bytes with
     * one f32 scale per block of 32; the largest magnitude becomes 127. Each word contains the factors of columns c and
     * c + 16.
     */
    static final class Inputs implements BlockKernel.Inputs {
        private static final int BLOCK = 32;

        /** Number of blocks per piece of work. */
        private static final int PIECE = 64;

        private static final VectorShuffle<Integer> LEFT = VectorShuffle.iota(Lanes.I32, Lanes.COUNT - 1, 1, true);
        private static final VectorShuffle<Integer> RIGHT = VectorShuffle.iota(Lanes.I32, 1, 1, true);
        private static final VectorMask<Integer> NOT_FIRST = VectorMask.fromLong(Lanes.I32, 0xeeee);
        private static final VectorMask<Integer> NOT_LAST = VectorMask.fromLong(Lanes.I32, 0x7777);

        private int blocks;
        private float[] words = new float[0];
        private float[] bias = new float[0];
        private float[] scales = new float[0];

        /** Returns the number of blocks in a row. */
        int blocks() {
            return blocks;
        }

        /** Returns the factors, [rows, blocks, 16]. Each float contains the bits of two 16-bit numbers. */
        float[] words() {
            return words;
        }

        /**
         * Returns -8 times the sums of columns 0 to 15 (low half of the word) and columns 16 to 31 (high half), [rows,
         * blocks].
         */
        float[] bias() {
            return bias;
        }

        /** Returns the scale of each block, [rows, blocks]. */
        float[] scales() {
            return scales;
        }

        @Override
        public void set(Block x, ComputePool pool) {
            blocks = x.columns() / BLOCK;
            int count = x.rows() * blocks;
            if (scales.length < count) {
                words = new float[count * BLOCK / 2];
                bias = new float[count];
                scales = new float[count];
            }
            pool.forEach(Math.ceilDiv(count, PIECE), piece -> {
                int end = Math.min(count, (piece + 1) * PIECE);
                for (int at = piece * PIECE; at < end; at++) {
                    block(x.data(), x.row(at / blocks) + at % blocks * BLOCK, at);
                }
            });
        }

        private void block(float[] x, int from, int at) {
            FloatVector largest = FloatVector.zero(Lanes.F32);
            for (int c = 0; c < BLOCK; c += Lanes.COUNT) {
                largest = largest.max(
                        FloatVector.fromArray(Lanes.F32, x, from + c).abs());
            }
            float scale = VectorMath.max(largest) / 127;
            scales[at] = scale;
            // Division by infinity leaves a block of zeros unchanged.
            float divisor = scale > 0 ? scale : Float.POSITIVE_INFINITY;
            int low = 0;
            int high = 0;
            for (int c = 0; c < BLOCK / 2; c += Lanes.COUNT) {
                IntVector first = quantise(FloatVector.fromArray(Lanes.F32, x, from + c), divisor);
                IntVector second = quantise(FloatVector.fromArray(Lanes.F32, x, from + BLOCK / 2 + c), divisor);
                low += first.reduceLanes(VectorOperators.ADD);
                high += second.reduceLanes(VectorOperators.ADD);
                IntVector lower = steps(first);
                steps(second.sub(leaks(lower)))
                        .lanewise(VectorOperators.LSHL, 16)
                        .or(lower.and(0xffff))
                        .reinterpretAsFloats()
                        .intoArray(words, at * BLOCK / 2 + c);
            }
            bias[at] = Float.intBitsToFloat((-8 * low & 0xffff) | -8 * high << 16);
        }

        /** Rounds x / step to integers, clamped to a byte because a subnormal step is imprecise. */
        private static IntVector quantise(FloatVector x, float step) {
            return VectorMath.round(x.div(step).max(-127).min(127));
        }

        /** Subtracts 16 times the left neighbour from each column except the first of every four. */
        private static IntVector steps(IntVector q) {
            return q.sub(q.rearrange(LEFT).lanewise(VectorOperators.LSHL, 4), NOT_FIRST);
        }

        /** Returns, for each nibble, the contribution of the upper lane's bits that shifts move into the lower lane. */
        private static IntVector leaks(IntVector lower) {
            IntVector third = right(lower.lanewise(VectorOperators.LSHL, 4));
            IntVector second = right(lower.lanewise(VectorOperators.LSHL, 8).add(third));
            return right(lower.lanewise(VectorOperators.LSHL, 12).add(second));
        }

        /** Returns the right neighbour of each column, or 0 for the last of every four. */
        private static IntVector right(IntVector q) {
            return IntVector.zero(Lanes.I32).blend(q.rearrange(RIGHT), NOT_LAST);
        }

        @Override
        public void add(
                QuantisedWeight w, QuantisedWeight.Streams streams, int block, int row, int rows, float[] y, int to) {
            Q4Dots.add(w.data(), streams, Lanes.F16_REBIAS, this, row * blocks + block, rows, y, to);
        }
    }
}
