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
 * The kernel for q8_0. A 32-bit word contains four columns of a row in order. The value 128 is added to the first three
 * columns, so that their bytes are unsigned. {@link Q8Dots} computes the products.
 */
final class Q8Kernel implements BlockKernel {
    static final Q8Kernel INSTANCE = new Q8Kernel();

    /** Mask that adds 128 to the bytes of the first three columns. */
    private static final int UNSIGNED = 0x00808080;

    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LE);

    private Q8Kernel() {}

    @Override
    public int scaleBytes() {
        return Short.BYTES;
    }

    @Override
    public int wordBytes() {
        return 32;
    }

    @Override
    public Inputs inputs() {
        return new Inputs();
    }

    @Override
    public void pack(MemorySegment from, long at, MemorySegment data, long to) {
        for (int word = 0; word < 8; word++) {
            data.set(I32, to + word * QuantisedPacking.WORD, from.get(I32, at + 2 + 4L * word) ^ UNSIGNED);
        }
    }

    @Override
    public void unpack(MemorySegment data, long scales, long words, float unit, MemorySegment panel, long to) {
        FloatVector scale = QuantisedPacking.scales(data, scales, unit);
        for (int word = 0; word < 8; word++, words += QuantisedPacking.WORD) {
            IntVector v =
                    IntVector.fromMemorySegment(Lanes.I32, data, words, LE).lanewise(VectorOperators.XOR, UNSIGNED);
            for (int shift = 24; shift >= 0; shift -= 8, to += QuantisedPacking.COLUMN) {
                IntVector q = v.lanewise(VectorOperators.LSHL, shift).lanewise(VectorOperators.ASHR, 24);
                ((FloatVector) q.convert(VectorOperators.I2F, 0)).mul(scale).intoMemorySegment(panel, to, LE);
            }
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>A byte q + 128 at bit 8 of the mantissa, with the exponent 15, is the number 2^15 + q + 128. The difference
     * from the scaled offset is exact because a scale has 11 bits.
     */
    @Override
    public void unpackPairs(MemorySegment data, long scales, long words, float unit, MemorySegment pairs, long to) {
        FloatVector scale = QuantisedPacking.scales(data, scales, unit);
        FloatVector offset = scale.mul(-0x1p15f - 128);
        for (int word = 0; word < 8; word++, words += QuantisedPacking.WORD) {
            IntVector v = IntVector.fromMemorySegment(Lanes.I32, data, words, LE)
                    .lanewise(VectorOperators.XOR, ~UNSIGNED & 0x80808080);
            IntVector t = v.lanewise(VectorOperators.LSHL, 8);
            for (int n = 0; n < 2; n++, to += BrainFloats.PAIR) {
                FloatVector first = t.and(0xff00).or(0x47000000).reinterpretAsFloats();
                t = t.lanewise(VectorOperators.LSHR, 8);
                FloatVector second = t.and(0xff00).or(0x47000000).reinterpretAsFloats();
                IntVector lower = first.fma(scale, offset).reinterpretAsInts().add(BrainFloats.HALF);
                IntVector upper = second.fma(scale, offset).reinterpretAsInts().add(BrainFloats.HALF);
                lower.lanewise(VectorOperators.LSHR, 16)
                        .or(upper.and(BrainFloats.UPPER))
                        .intoMemorySegment(pairs, to, LE);
                t = v.lanewise(VectorOperators.LSHR, 8);
            }
        }
    }

    /** Rows of activations, converted to f32 factors for {@link Q8Dots}. One addition rounds each factor. */
    static final class Inputs implements BlockKernel.Inputs {
        private static final int BLOCK = 32;

        /** Number of blocks per piece of work. */
        private static final int PIECE = 128;

        /** Powers of two, for every four columns, that cancel a byte's position in its word. */
        private static final FloatVector PLACES = places();

        private static final VectorMask<Float> NOT_LAST = VectorMask.fromLong(Lanes.F32, 0x7777);
        private static final VectorShuffle<Float> LAST = VectorShuffle.fromOp(Lanes.F32, lane -> lane | 3);

        private int blocks;
        private float[] factors = new float[0];
        private float[] starts = new float[0];

        /** Returns the number of blocks in a row. */
        int blocks() {
            return blocks;
        }

        /** Returns the factors, [rows, blocks, 32]. */
        float[] factors() {
            return factors;
        }

        /** Returns the initial value of each block's sum, [rows, blocks]. */
        float[] starts() {
            return starts;
        }

        private static FloatVector places() {
            float[] places = new float[Lanes.COUNT];
            for (int lane = 0; lane < places.length; lane++) places[lane] = Math.scalb(1f, -8 * (lane % 4));
            return FloatVector.fromArray(Lanes.F32, places, 0);
        }

        @Override
        public void set(Block x, ComputePool pool) {
            blocks = x.columns() / BLOCK;
            int count = x.rows() * blocks;
            if (starts.length < count) {
                factors = new float[count * BLOCK];
                starts = new float[count];
            }
            pool.forEach(Math.ceilDiv(count, PIECE), piece -> {
                int end = Math.min(count, (piece + 1) * PIECE);
                for (int at = piece * PIECE; at < end; at++) {
                    block(x.data(), x.row(at / blocks) + at % blocks * BLOCK, at);
                }
            });
        }

        private void block(float[] x, int from, int at) {
            FloatVector columns = FloatVector.zero(Lanes.F32);
            for (int c = 0; c < BLOCK; c += Lanes.COUNT) {
                FloatVector v = FloatVector.fromArray(Lanes.F32, x, from + c);
                columns = columns.add(v);
                FloatVector placed = v.mul(PLACES);
                placed.sub(placed.rearrange(LAST), NOT_LAST).intoArray(factors, at * BLOCK + c);
            }
            FloatVector unsigned = FloatVector.zero(Lanes.F32).blend(columns, NOT_LAST);
            starts[at] = -128 * VectorMath.sum(unsigned);
        }

        @Override
        public void add(
                QuantisedWeight w, QuantisedWeight.Streams streams, int block, int row, int rows, float[] y, int to) {
            Q8Dots.add(w.data(), streams, Lanes.F16_REBIAS, this, row * blocks + block, rows, y, to);
        }
    }
}
