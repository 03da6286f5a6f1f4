package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * q4_0 weights times quantised activations, in 16-bit arithmetic. A 16-bit lane holds four columns of one matrix row, s =
 * n0 + 16 n1 + 256 n2 + 4096 n3; a row has two such lanes side by side: in word k of a block, columns 4k to 4k + 3 and
 * columns 16 + 4k to 19 + 4k.
 *
 * <p>The nibbles are not cut out. With the logical shifts t1 = s >>> 4, t2 = s >>> 8, t3 = s >>> 12,
 *
 * <pre>n0 x0 + n1 x1 + n2 x2 + n3 x3 = s x0 + t1 (x1 - 16 x0) + t2 (x2 - 16 x1) + t3 (x3 - 16 x2)</pre>
 *
 * holds over the integers and so modulo 2^16. The true sum of a lane's block, 16 products of n - 8 and x, is at most 16 *
 * 8 * 127, and that of both lanes of a row, which the upper one ends with, 32 * 8 * 127: both fit. {@link Q4Inputs}
 * prepares the factors, and the bias that takes the 8 off. A row's sum does not depend on the rows beside it.
 *
 * <p>Four things shape this code. The JIT inlines the Vector API without limit but not our own methods into a large body,
 * and a vector that crosses a call lives in memory: so the bodies are written out. It moves the loads of a long
 * straight-line body to its front and then runs out of registers: so the four words of a block are a loop. The fewer
 * instructions a cache line takes, the more of them a core has under way: so whole numbers become floats by an addition
 * (to the bits of 1.5 * 2^23) and nothing is stored until the run ends. And factors travel as the bits of floats, which
 * are broadcast straight from memory, ints only by way of a general register.
 */
final class Q4Dots {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, Lanes.F32.vectorShape());
    private static final long BLOCK = 18L * Lanes.COUNT;
    private static final float MAGIC = 0x1.8p23f;
    private static final int MAGIC_BITS = Float.floatToRawIntBits(MAGIC);

    private Q4Dots() {}

    /**
     * Adds the products of a run of blocks with some rows to their outputs.
     *
     * @param at first block of the run
     * @param firstRow first row of activations
     * @param rows 1 to 3
     * @param firstBlock column of the run in blocks
     * @param y outputs of a group, [rows, COUNT] from {@code to} on
     */
    static void add(
            MemorySegment w,
            long at,
            int blocks,
            Q4Inputs x,
            int firstRow,
            int rows,
            int firstBlock,
            float[] y,
            int to) {
        int first = firstRow * x.blocks() + firstBlock;
        switch (rows) {
            case 1 -> one(w, at, blocks, x, first, y, to);
            case 2 -> two(w, at, blocks, x, first, y, to);
            default -> three(w, at, blocks, x, first, y, to);
        }
    }

    /** One row of activations. */
    private static void one(MemorySegment w, long at, int blocks, Q4Inputs x, int first, float[] y, int to) {
        float[] words = x.words();
        float[] bias = x.bias();
        float[] scales = x.scales();
        FloatVector a = FloatVector.fromArray(Lanes.F32, y, to);
        for (int i = first; i < first + blocks; i++, at += BLOCK) {
            FloatVector scale = ((IntVector) ShortVector.fromMemorySegment(Lanes.HALF, w, at, LE)
                            .convertShape(VectorOperators.S2I, Lanes.I32, 0))
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(0x8fffffff)
                    .reinterpretAsFloats()
                    .mul(0x1p112f);
            ShortVector as = FloatVector.broadcast(Lanes.F32, bias[i]).reinterpretAsShorts();
            for (int k = 0; k < 4; k++) {
                int ax = 16 * i + 4 * k;
                ShortVector s = ShortVector.fromMemorySegment(
                        SHORTS, w, at + QuantisedPacking.SCALES + k * QuantisedPacking.WORD, LE);
                as = s.mul(FloatVector.broadcast(Lanes.F32, words[ax]).reinterpretAsShorts())
                        .add(as);
                s = s.lanewise(VectorOperators.LSHR, 4);
                as = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 1]).reinterpretAsShorts())
                        .add(as);
                s = s.lanewise(VectorOperators.LSHR, 4);
                as = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 2]).reinterpretAsShorts())
                        .add(as);
                s = s.lanewise(VectorOperators.LSHR, 4);
                as = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 3]).reinterpretAsShorts())
                        .add(as);
            }
            IntVector ai = as.reinterpretAsInts();
            ai = ai.lanewise(VectorOperators.LSHL, 16)
                    .add(ai)
                    .lanewise(VectorOperators.ASHR, 16)
                    .add(MAGIC_BITS);
            a = ai.reinterpretAsFloats().sub(MAGIC).fma(scale.mul(scales[i]), a);
        }
        a.intoArray(y, to);
    }

    /** Two rows of activations. */
    private static void two(MemorySegment w, long at, int blocks, Q4Inputs x, int first, float[] y, int to) {
        float[] words = x.words();
        float[] bias = x.bias();
        float[] scales = x.scales();
        int stride = x.blocks();
        FloatVector a = FloatVector.fromArray(Lanes.F32, y, to);
        FloatVector b = FloatVector.fromArray(Lanes.F32, y, to + Lanes.COUNT);
        for (int i = first; i < first + blocks; i++, at += BLOCK) {
            FloatVector scale = ((IntVector) ShortVector.fromMemorySegment(Lanes.HALF, w, at, LE)
                            .convertShape(VectorOperators.S2I, Lanes.I32, 0))
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(0x8fffffff)
                    .reinterpretAsFloats()
                    .mul(0x1p112f);
            ShortVector as = FloatVector.broadcast(Lanes.F32, bias[i]).reinterpretAsShorts();
            ShortVector bs = FloatVector.broadcast(Lanes.F32, bias[i + stride]).reinterpretAsShorts();
            for (int k = 0; k < 4; k++) {
                int ax = 16 * i + 4 * k;
                int bx = ax + 16 * stride;
                ShortVector s = ShortVector.fromMemorySegment(
                        SHORTS, w, at + QuantisedPacking.SCALES + k * QuantisedPacking.WORD, LE);
                as = s.mul(FloatVector.broadcast(Lanes.F32, words[ax]).reinterpretAsShorts())
                        .add(as);
                bs = s.mul(FloatVector.broadcast(Lanes.F32, words[bx]).reinterpretAsShorts())
                        .add(bs);
                s = s.lanewise(VectorOperators.LSHR, 4);
                as = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 1]).reinterpretAsShorts())
                        .add(as);
                bs = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 1]).reinterpretAsShorts())
                        .add(bs);
                s = s.lanewise(VectorOperators.LSHR, 4);
                as = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 2]).reinterpretAsShorts())
                        .add(as);
                bs = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 2]).reinterpretAsShorts())
                        .add(bs);
                s = s.lanewise(VectorOperators.LSHR, 4);
                as = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 3]).reinterpretAsShorts())
                        .add(as);
                bs = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 3]).reinterpretAsShorts())
                        .add(bs);
            }
            IntVector ai = as.reinterpretAsInts();
            ai = ai.lanewise(VectorOperators.LSHL, 16)
                    .add(ai)
                    .lanewise(VectorOperators.ASHR, 16)
                    .add(MAGIC_BITS);
            a = ai.reinterpretAsFloats().sub(MAGIC).fma(scale.mul(scales[i]), a);
            IntVector bi = bs.reinterpretAsInts();
            bi = bi.lanewise(VectorOperators.LSHL, 16)
                    .add(bi)
                    .lanewise(VectorOperators.ASHR, 16)
                    .add(MAGIC_BITS);
            b = bi.reinterpretAsFloats().sub(MAGIC).fma(scale.mul(scales[i + stride]), b);
        }
        a.intoArray(y, to);
        b.intoArray(y, to + Lanes.COUNT);
    }

    /** Three rows of activations. */
    private static void three(MemorySegment w, long at, int blocks, Q4Inputs x, int first, float[] y, int to) {
        float[] words = x.words();
        float[] bias = x.bias();
        float[] scales = x.scales();
        int stride = x.blocks();
        FloatVector a = FloatVector.fromArray(Lanes.F32, y, to);
        FloatVector b = FloatVector.fromArray(Lanes.F32, y, to + Lanes.COUNT);
        FloatVector c = FloatVector.fromArray(Lanes.F32, y, to + 2 * Lanes.COUNT);
        for (int i = first; i < first + blocks; i++, at += BLOCK) {
            FloatVector scale = ((IntVector) ShortVector.fromMemorySegment(Lanes.HALF, w, at, LE)
                            .convertShape(VectorOperators.S2I, Lanes.I32, 0))
                    .lanewise(VectorOperators.LSHL, 13)
                    .and(0x8fffffff)
                    .reinterpretAsFloats()
                    .mul(0x1p112f);
            ShortVector as = FloatVector.broadcast(Lanes.F32, bias[i]).reinterpretAsShorts();
            ShortVector bs = FloatVector.broadcast(Lanes.F32, bias[i + stride]).reinterpretAsShorts();
            ShortVector cs =
                    FloatVector.broadcast(Lanes.F32, bias[i + 2 * stride]).reinterpretAsShorts();
            for (int k = 0; k < 4; k++) {
                int ax = 16 * i + 4 * k;
                int bx = ax + 16 * stride;
                int cx = ax + 32 * stride;
                ShortVector s = ShortVector.fromMemorySegment(
                        SHORTS, w, at + QuantisedPacking.SCALES + k * QuantisedPacking.WORD, LE);
                as = s.mul(FloatVector.broadcast(Lanes.F32, words[ax]).reinterpretAsShorts())
                        .add(as);
                bs = s.mul(FloatVector.broadcast(Lanes.F32, words[bx]).reinterpretAsShorts())
                        .add(bs);
                cs = s.mul(FloatVector.broadcast(Lanes.F32, words[cx]).reinterpretAsShorts())
                        .add(cs);
                s = s.lanewise(VectorOperators.LSHR, 4);
                as = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 1]).reinterpretAsShorts())
                        .add(as);
                bs = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 1]).reinterpretAsShorts())
                        .add(bs);
                cs = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 1]).reinterpretAsShorts())
                        .add(cs);
                s = s.lanewise(VectorOperators.LSHR, 4);
                as = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 2]).reinterpretAsShorts())
                        .add(as);
                bs = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 2]).reinterpretAsShorts())
                        .add(bs);
                cs = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 2]).reinterpretAsShorts())
                        .add(cs);
                s = s.lanewise(VectorOperators.LSHR, 4);
                as = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 3]).reinterpretAsShorts())
                        .add(as);
                bs = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 3]).reinterpretAsShorts())
                        .add(bs);
                cs = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 3]).reinterpretAsShorts())
                        .add(cs);
            }
            IntVector ai = as.reinterpretAsInts();
            ai = ai.lanewise(VectorOperators.LSHL, 16)
                    .add(ai)
                    .lanewise(VectorOperators.ASHR, 16)
                    .add(MAGIC_BITS);
            a = ai.reinterpretAsFloats().sub(MAGIC).fma(scale.mul(scales[i]), a);
            IntVector bi = bs.reinterpretAsInts();
            bi = bi.lanewise(VectorOperators.LSHL, 16)
                    .add(bi)
                    .lanewise(VectorOperators.ASHR, 16)
                    .add(MAGIC_BITS);
            b = bi.reinterpretAsFloats().sub(MAGIC).fma(scale.mul(scales[i + stride]), b);
            IntVector ci = cs.reinterpretAsInts();
            ci = ci.lanewise(VectorOperators.LSHL, 16)
                    .add(ci)
                    .lanewise(VectorOperators.ASHR, 16)
                    .add(MAGIC_BITS);
            c = ci.reinterpretAsFloats().sub(MAGIC).fma(scale.mul(scales[i + 2 * stride]), c);
        }
        a.intoArray(y, to);
        b.intoArray(y, to + Lanes.COUNT);
        c.intoArray(y, to + 2 * Lanes.COUNT);
    }
}
