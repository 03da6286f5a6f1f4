package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Block sums of q8_0 weights times f32 activations. A 32-bit word holds four columns of one matrix row, a byte each; every
 * byte is brought to the top of its word and converted there, which makes it 2^24 times too large: the scale takes that
 * off. Written out for the reasons given at {@link NibbleDots}; a row's sum does not depend on the rows beside it.
 */
final class ByteDots {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final long BLOCK = 34L * Lanes.COUNT;
    private static final int TOP = 0xff000000;

    /** Room for the sums of one row of activations: one per block and lane. */
    private static final int SUMS = LaneLinear.RUN * Lanes.COUNT;

    private final float[] sums = new float[3 * SUMS];

    /**
     * Adds the products of a run of blocks with some rows to their outputs.
     *
     * @param at first block of the run
     * @param x the rows of activations, 1 to 3 of them, and their columns of the run
     * @param y outputs of a group, [rows, COUNT] from {@code yOffset} on
     */
    void add(MemorySegment w, long at, int blocks, Block x, float[] y, int yOffset) {
        switch (x.rows()) {
            case 1 -> one(w, at, blocks, x.data(), x.offset(), sums);
            case 2 -> two(w, at, blocks, x.data(), x.offset(), x.stride(), sums);
            default -> three(w, at, blocks, x.data(), x.offset(), x.stride(), sums);
        }
        for (int r = 0; r < x.rows(); r++) scale(w, at, blocks, sums, r * SUMS, y, yOffset + r * Lanes.COUNT);
    }

    /** Adds each block's sum times the scale of its weights. */
    private static void scale(MemorySegment w, long at, int blocks, float[] sums, int from, float[] y, int to) {
        FloatVector total = FloatVector.fromArray(Lanes.F32, y, to);
        for (int i = 0; i < blocks; i++, at += BLOCK) {
            FloatVector sum = FloatVector.fromArray(Lanes.F32, sums, from + i * Lanes.COUNT);
            total = sum.fma(LanePacking.scales(w, at).mul(0x1p-24f), total);
        }
        total.intoArray(y, to);
    }

    /** One row of activations, from {@code first} on. */
    private static void one(MemorySegment w, long at, int blocks, float[] x, int first, float[] sums) {
        for (int i = 0; i < blocks; i++, at += BLOCK) {
            FloatVector a0 = FloatVector.zero(Lanes.F32);
            FloatVector a1 = FloatVector.zero(Lanes.F32);
            for (int k = 0; k < 8; k++) {
                int c = first + 32 * i + 4 * k;
                IntVector v =
                        IntVector.fromMemorySegment(Lanes.I32, w, at + LanePacking.SCALES + k * LanePacking.WORD, LE);
                FloatVector f =
                        (FloatVector) v.lanewise(VectorOperators.LSHL, 24).convert(VectorOperators.I2F, 0);
                a0 = f.fma(FloatVector.broadcast(Lanes.F32, x[c]), a0);
                f = (FloatVector) v.lanewise(VectorOperators.LSHL, 16).and(TOP).convert(VectorOperators.I2F, 0);
                a1 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + 1]), a1);
                f = (FloatVector) v.lanewise(VectorOperators.LSHL, 8).and(TOP).convert(VectorOperators.I2F, 0);
                a0 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + 2]), a0);
                f = (FloatVector) v.and(TOP).convert(VectorOperators.I2F, 0);
                a1 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + 3]), a1);
            }
            a0.add(a1).intoArray(sums, i * Lanes.COUNT);
        }
    }

    /** Two rows of activations, from {@code first} on, {@code stride} apart. */
    private static void two(MemorySegment w, long at, int blocks, float[] x, int first, int stride, float[] sums) {
        for (int i = 0; i < blocks; i++, at += BLOCK) {
            FloatVector a0 = FloatVector.zero(Lanes.F32);
            FloatVector a1 = FloatVector.zero(Lanes.F32);
            FloatVector b0 = FloatVector.zero(Lanes.F32);
            FloatVector b1 = FloatVector.zero(Lanes.F32);
            for (int k = 0; k < 8; k++) {
                int c = first + 32 * i + 4 * k;
                IntVector v =
                        IntVector.fromMemorySegment(Lanes.I32, w, at + LanePacking.SCALES + k * LanePacking.WORD, LE);
                FloatVector f =
                        (FloatVector) v.lanewise(VectorOperators.LSHL, 24).convert(VectorOperators.I2F, 0);
                a0 = f.fma(FloatVector.broadcast(Lanes.F32, x[c]), a0);
                b0 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + stride]), b0);
                f = (FloatVector) v.lanewise(VectorOperators.LSHL, 16).and(TOP).convert(VectorOperators.I2F, 0);
                a1 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + 1]), a1);
                b1 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + stride + 1]), b1);
                f = (FloatVector) v.lanewise(VectorOperators.LSHL, 8).and(TOP).convert(VectorOperators.I2F, 0);
                a0 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + 2]), a0);
                b0 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + stride + 2]), b0);
                f = (FloatVector) v.and(TOP).convert(VectorOperators.I2F, 0);
                a1 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + 3]), a1);
                b1 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + stride + 3]), b1);
            }
            a0.add(a1).intoArray(sums, i * Lanes.COUNT);
            b0.add(b1).intoArray(sums, SUMS + i * Lanes.COUNT);
        }
    }

    /** Three rows of activations, from {@code first} on, {@code stride} apart. */
    private static void three(MemorySegment w, long at, int blocks, float[] x, int first, int stride, float[] sums) {
        for (int i = 0; i < blocks; i++, at += BLOCK) {
            FloatVector a0 = FloatVector.zero(Lanes.F32);
            FloatVector a1 = FloatVector.zero(Lanes.F32);
            FloatVector b0 = FloatVector.zero(Lanes.F32);
            FloatVector b1 = FloatVector.zero(Lanes.F32);
            FloatVector c0 = FloatVector.zero(Lanes.F32);
            FloatVector c1 = FloatVector.zero(Lanes.F32);
            for (int k = 0; k < 8; k++) {
                int c = first + 32 * i + 4 * k;
                IntVector v =
                        IntVector.fromMemorySegment(Lanes.I32, w, at + LanePacking.SCALES + k * LanePacking.WORD, LE);
                FloatVector f =
                        (FloatVector) v.lanewise(VectorOperators.LSHL, 24).convert(VectorOperators.I2F, 0);
                a0 = f.fma(FloatVector.broadcast(Lanes.F32, x[c]), a0);
                b0 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + stride]), b0);
                c0 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + 2 * stride]), c0);
                f = (FloatVector) v.lanewise(VectorOperators.LSHL, 16).and(TOP).convert(VectorOperators.I2F, 0);
                a1 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + 1]), a1);
                b1 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + stride + 1]), b1);
                c1 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + 2 * stride + 1]), c1);
                f = (FloatVector) v.lanewise(VectorOperators.LSHL, 8).and(TOP).convert(VectorOperators.I2F, 0);
                a0 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + 2]), a0);
                b0 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + stride + 2]), b0);
                c0 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + 2 * stride + 2]), c0);
                f = (FloatVector) v.and(TOP).convert(VectorOperators.I2F, 0);
                a1 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + 3]), a1);
                b1 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + stride + 3]), b1);
                c1 = f.fma(FloatVector.broadcast(Lanes.F32, x[c + 2 * stride + 3]), c1);
            }
            a0.add(a1).intoArray(sums, i * Lanes.COUNT);
            b0.add(b1).intoArray(sums, SUMS + i * Lanes.COUNT);
            c0.add(c1).intoArray(sums, 2 * SUMS + i * Lanes.COUNT);
        }
    }
}
