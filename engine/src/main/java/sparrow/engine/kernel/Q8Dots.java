package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * q8_0 weights times f32 activations. A 32-bit word holds four columns of one matrix row, a byte each; every byte is
 * brought to the top of its word and converted there, which makes it 2^24 times too large: the scale takes that off, and
 * gives an f16's exponent its place (2^112). Written out for the reasons given at {@link Q4Dots}; a row's sum does
 * not depend on the rows beside it.
 */
final class Q8Dots {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final long BLOCK = 34L * Lanes.COUNT;
    private static final int TOP = 0xff000000;

    private Q8Dots() {}

    /**
     * Adds the products of a run of blocks with some rows to their outputs.
     *
     * @param at first block of the run
     * @param x the rows of activations, 1 to 3 of them, and their columns of the run
     * @param y outputs of a group, [rows, COUNT] from {@code to} on
     */
    static void add(MemorySegment w, long at, int blocks, Block x, float[] y, int to) {
        switch (x.rows()) {
            case 1 -> one(w, at, blocks, x.data(), x.offset(), y, to);
            case 2 -> two(w, at, blocks, x.data(), x.offset(), x.stride(), y, to);
            default -> three(w, at, blocks, x.data(), x.offset(), x.stride(), y, to);
        }
    }

    /** One row of activations, from {@code first} on. */
    private static void one(MemorySegment w, long at, int blocks, float[] x, int first, float[] y, int to) {
        FloatVector a = FloatVector.fromArray(Lanes.F32, y, to);
        for (int i = 0; i < blocks; i++, at += BLOCK) {
            FloatVector scale = ((IntVector) ShortVector.fromMemorySegment(Lanes.HALF, w, at, LE)
                            .convertShape(VectorOperators.S2I, Lanes.I32, 0))
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(0x8fffffff)
                    .reinterpretAsFloats()
                    .mul(0x1p88f);
            FloatVector a0 = FloatVector.zero(Lanes.F32);
            FloatVector a1 = FloatVector.zero(Lanes.F32);
            for (int k = 0; k < 8; k++) {
                int from = first + 32 * i + 4 * k;
                IntVector v = IntVector.fromMemorySegment(
                        Lanes.I32, w, at + QuantisedPacking.SCALES + k * QuantisedPacking.WORD, LE);
                FloatVector f =
                        (FloatVector) v.lanewise(VectorOperators.LSHL, 24).convert(VectorOperators.I2F, 0);
                a0 = f.fma(FloatVector.broadcast(Lanes.F32, x[from]), a0);
                f = (FloatVector) v.lanewise(VectorOperators.LSHL, 16).and(TOP).convert(VectorOperators.I2F, 0);
                a1 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + 1]), a1);
                f = (FloatVector) v.lanewise(VectorOperators.LSHL, 8).and(TOP).convert(VectorOperators.I2F, 0);
                a0 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + 2]), a0);
                f = (FloatVector) v.and(TOP).convert(VectorOperators.I2F, 0);
                a1 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + 3]), a1);
            }
            a = a0.add(a1).fma(scale, a);
        }
        a.intoArray(y, to);
    }

    /** Two rows of activations, from {@code first} on, {@code stride} apart. */
    private static void two(MemorySegment w, long at, int blocks, float[] x, int first, int stride, float[] y, int to) {
        FloatVector a = FloatVector.fromArray(Lanes.F32, y, to);
        FloatVector b = FloatVector.fromArray(Lanes.F32, y, to + Lanes.COUNT);
        for (int i = 0; i < blocks; i++, at += BLOCK) {
            FloatVector scale = ((IntVector) ShortVector.fromMemorySegment(Lanes.HALF, w, at, LE)
                            .convertShape(VectorOperators.S2I, Lanes.I32, 0))
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(0x8fffffff)
                    .reinterpretAsFloats()
                    .mul(0x1p88f);
            FloatVector a0 = FloatVector.zero(Lanes.F32);
            FloatVector a1 = FloatVector.zero(Lanes.F32);
            FloatVector b0 = FloatVector.zero(Lanes.F32);
            FloatVector b1 = FloatVector.zero(Lanes.F32);
            for (int k = 0; k < 8; k++) {
                int from = first + 32 * i + 4 * k;
                IntVector v = IntVector.fromMemorySegment(
                        Lanes.I32, w, at + QuantisedPacking.SCALES + k * QuantisedPacking.WORD, LE);
                FloatVector f =
                        (FloatVector) v.lanewise(VectorOperators.LSHL, 24).convert(VectorOperators.I2F, 0);
                a0 = f.fma(FloatVector.broadcast(Lanes.F32, x[from]), a0);
                b0 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + stride]), b0);
                f = (FloatVector) v.lanewise(VectorOperators.LSHL, 16).and(TOP).convert(VectorOperators.I2F, 0);
                a1 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + 1]), a1);
                b1 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + stride + 1]), b1);
                f = (FloatVector) v.lanewise(VectorOperators.LSHL, 8).and(TOP).convert(VectorOperators.I2F, 0);
                a0 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + 2]), a0);
                b0 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + stride + 2]), b0);
                f = (FloatVector) v.and(TOP).convert(VectorOperators.I2F, 0);
                a1 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + 3]), a1);
                b1 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + stride + 3]), b1);
            }
            a = a0.add(a1).fma(scale, a);
            b = b0.add(b1).fma(scale, b);
        }
        a.intoArray(y, to);
        b.intoArray(y, to + Lanes.COUNT);
    }

    /** Three rows of activations, from {@code first} on, {@code stride} apart. */
    private static void three(
            MemorySegment w, long at, int blocks, float[] x, int first, int stride, float[] y, int to) {
        FloatVector a = FloatVector.fromArray(Lanes.F32, y, to);
        FloatVector b = FloatVector.fromArray(Lanes.F32, y, to + Lanes.COUNT);
        FloatVector c = FloatVector.fromArray(Lanes.F32, y, to + 2 * Lanes.COUNT);
        for (int i = 0; i < blocks; i++, at += BLOCK) {
            FloatVector scale = ((IntVector) ShortVector.fromMemorySegment(Lanes.HALF, w, at, LE)
                            .convertShape(VectorOperators.S2I, Lanes.I32, 0))
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(0x8fffffff)
                    .reinterpretAsFloats()
                    .mul(0x1p88f);
            FloatVector a0 = FloatVector.zero(Lanes.F32);
            FloatVector a1 = FloatVector.zero(Lanes.F32);
            FloatVector b0 = FloatVector.zero(Lanes.F32);
            FloatVector b1 = FloatVector.zero(Lanes.F32);
            FloatVector c0 = FloatVector.zero(Lanes.F32);
            FloatVector c1 = FloatVector.zero(Lanes.F32);
            for (int k = 0; k < 8; k++) {
                int from = first + 32 * i + 4 * k;
                IntVector v = IntVector.fromMemorySegment(
                        Lanes.I32, w, at + QuantisedPacking.SCALES + k * QuantisedPacking.WORD, LE);
                FloatVector f =
                        (FloatVector) v.lanewise(VectorOperators.LSHL, 24).convert(VectorOperators.I2F, 0);
                a0 = f.fma(FloatVector.broadcast(Lanes.F32, x[from]), a0);
                b0 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + stride]), b0);
                c0 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + 2 * stride]), c0);
                f = (FloatVector) v.lanewise(VectorOperators.LSHL, 16).and(TOP).convert(VectorOperators.I2F, 0);
                a1 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + 1]), a1);
                b1 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + stride + 1]), b1);
                c1 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + 2 * stride + 1]), c1);
                f = (FloatVector) v.lanewise(VectorOperators.LSHL, 8).and(TOP).convert(VectorOperators.I2F, 0);
                a0 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + 2]), a0);
                b0 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + stride + 2]), b0);
                c0 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + 2 * stride + 2]), c0);
                f = (FloatVector) v.and(TOP).convert(VectorOperators.I2F, 0);
                a1 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + 3]), a1);
                b1 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + stride + 3]), b1);
                c1 = f.fma(FloatVector.broadcast(Lanes.F32, x[from + 2 * stride + 3]), c1);
            }
            a = a0.add(a1).fma(scale, a);
            b = b0.add(b1).fma(scale, b);
            c = c0.add(c1).fma(scale, c);
        }
        a.intoArray(y, to);
        b.intoArray(y, to + Lanes.COUNT);
        c.intoArray(y, to + 2 * Lanes.COUNT);
    }
}
