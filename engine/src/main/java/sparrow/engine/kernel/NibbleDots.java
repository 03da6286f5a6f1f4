package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Block sums of q4_0 weights times quantised activations, in 16-bit arithmetic. A 16-bit lane holds four columns of one
 * matrix row, s = n0 + 16 n1 + 256 n2 + 4096 n3; a row has two such lanes side by side: in word k of a block, columns 4k
 * to 4k + 3 and columns 16 + 4k to 19 + 4k.
 *
 * <p>The nibbles are not cut out. With the logical shifts t1 = s >>> 4, t2 = s >>> 8, t3 = s >>> 12,
 *
 * <pre>n0 x0 + n1 x1 + n2 x2 + n3 x3 = s x0 + t1 (x1 - 16 x0) + t2 (x2 - 16 x1) + t3 (x3 - 16 x2)</pre>
 *
 * holds over the integers and so modulo 2^16, and the true sum of a lane's block, 16 products of n - 8 and x, is at most
 * 16 * 8 * 127 and fits. {@link NibbleInputs} prepares the factors, and the bias that takes the 8 off.
 *
 * <p>The JIT inlines the Vector API without limit but not our own methods into a body of this size, and a vector that
 * crosses a call lives in memory: so the bodies are written out, and scaling the sums is a loop of its own. The factors
 * travel as the bits of floats: those are broadcast straight from memory, ints by way of a general register.
 */
final class NibbleDots {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, Lanes.F32.vectorShape());
    private static final long BLOCK = 18L * Lanes.COUNT;
    private static final long WORD_0 = LanePacking.SCALES;
    private static final long WORD_1 = WORD_0 + LanePacking.WORD;
    private static final long WORD_2 = WORD_1 + LanePacking.WORD;
    private static final long WORD_3 = WORD_2 + LanePacking.WORD;

    /** Room for the sums of one row of activations: one int, two 16-bit sums, per block and lane. */
    private static final int SUMS = LaneLinear.RUN * Lanes.COUNT;

    private final int[] sums = new int[3 * SUMS];

    /**
     * Adds the products of a run of blocks with some rows to their outputs.
     *
     * @param at first block of the run
     * @param firstRow first row of activations
     * @param rows 1 to 3
     * @param firstBlock column of the run in blocks
     * @param y outputs of a group, [rows, COUNT] from {@code yOffset} on
     */
    void add(
            MemorySegment w,
            long at,
            int blocks,
            NibbleInputs x,
            int firstRow,
            int rows,
            int firstBlock,
            float[] y,
            int yOffset) {
        int first = firstRow * x.blocks() + firstBlock;
        switch (rows) {
            case 1 -> one(w, at, blocks, x, first, sums);
            case 2 -> two(w, at, blocks, x, first, sums);
            default -> three(w, at, blocks, x, first, sums);
        }
        for (int r = 0; r < rows; r++) {
            scale(w, at, blocks, sums, r * SUMS, x.scales(), first + r * x.blocks(), y, yOffset + r * Lanes.COUNT);
        }
    }

    /** Adds each block's two sums, times the scales of weights and activations. */
    private static void scale(
            MemorySegment w, long at, int blocks, int[] sums, int from, float[] scales, int first, float[] y, int to) {
        FloatVector total = FloatVector.fromArray(Lanes.F32, y, to);
        for (int i = 0; i < blocks; i++, at += BLOCK) {
            IntVector pair = IntVector.fromArray(Lanes.I32, sums, from + i * Lanes.COUNT);
            IntVector low = pair.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16);
            IntVector sum = pair.lanewise(VectorOperators.ASHR, 16).add(low);
            FloatVector scale = LanePacking.scales(w, at).mul(scales[first + i]);
            total = ((FloatVector) sum.convert(VectorOperators.I2F, 0)).fma(scale, total);
        }
        total.intoArray(y, to);
    }

    /** One row of activations. */
    private static void one(MemorySegment w, long at, int blocks, NibbleInputs x, int first, int[] sums) {
        float[] words = x.words();
        float[] bias = x.bias();
        for (int i = 0; i < blocks; i++, at += BLOCK) {
            int ax = 16 * (first + i);
            ShortVector a = FloatVector.broadcast(Lanes.F32, bias[first + i]).reinterpretAsShorts();
            ShortVector s = ShortVector.fromMemorySegment(SHORTS, w, at + WORD_0, LE);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax]).reinterpretAsShorts())
                    .add(a);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 1]).reinterpretAsShorts())
                    .add(a);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 2]).reinterpretAsShorts())
                    .add(a);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 3]).reinterpretAsShorts())
                    .add(a);
            s = ShortVector.fromMemorySegment(SHORTS, w, at + WORD_1, LE);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 4]).reinterpretAsShorts())
                    .add(a);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 5]).reinterpretAsShorts())
                    .add(a);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 6]).reinterpretAsShorts())
                    .add(a);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 7]).reinterpretAsShorts())
                    .add(a);
            s = ShortVector.fromMemorySegment(SHORTS, w, at + WORD_2, LE);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 8]).reinterpretAsShorts())
                    .add(a);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 9]).reinterpretAsShorts())
                    .add(a);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 10]).reinterpretAsShorts())
                    .add(a);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 11]).reinterpretAsShorts())
                    .add(a);
            s = ShortVector.fromMemorySegment(SHORTS, w, at + WORD_3, LE);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 12]).reinterpretAsShorts())
                    .add(a);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 13]).reinterpretAsShorts())
                    .add(a);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 14]).reinterpretAsShorts())
                    .add(a);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 15]).reinterpretAsShorts())
                    .add(a);
            a.reinterpretAsInts().intoArray(sums, i * Lanes.COUNT);
        }
    }

    /** Two rows of activations. */
    private static void two(MemorySegment w, long at, int blocks, NibbleInputs x, int first, int[] sums) {
        float[] words = x.words();
        float[] bias = x.bias();
        int stride = x.blocks();
        for (int i = 0; i < blocks; i++, at += BLOCK) {
            int ax = 16 * (first + i);
            ShortVector a = FloatVector.broadcast(Lanes.F32, bias[first + i]).reinterpretAsShorts();
            int bx = 16 * (first + i + stride);
            ShortVector b =
                    FloatVector.broadcast(Lanes.F32, bias[first + i + stride]).reinterpretAsShorts();
            ShortVector s = ShortVector.fromMemorySegment(SHORTS, w, at + WORD_0, LE);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx]).reinterpretAsShorts())
                    .add(b);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 1]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 1]).reinterpretAsShorts())
                    .add(b);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 2]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 2]).reinterpretAsShorts())
                    .add(b);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 3]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 3]).reinterpretAsShorts())
                    .add(b);
            s = ShortVector.fromMemorySegment(SHORTS, w, at + WORD_1, LE);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 4]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 4]).reinterpretAsShorts())
                    .add(b);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 5]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 5]).reinterpretAsShorts())
                    .add(b);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 6]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 6]).reinterpretAsShorts())
                    .add(b);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 7]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 7]).reinterpretAsShorts())
                    .add(b);
            s = ShortVector.fromMemorySegment(SHORTS, w, at + WORD_2, LE);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 8]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 8]).reinterpretAsShorts())
                    .add(b);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 9]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 9]).reinterpretAsShorts())
                    .add(b);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 10]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 10]).reinterpretAsShorts())
                    .add(b);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 11]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 11]).reinterpretAsShorts())
                    .add(b);
            s = ShortVector.fromMemorySegment(SHORTS, w, at + WORD_3, LE);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 12]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 12]).reinterpretAsShorts())
                    .add(b);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 13]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 13]).reinterpretAsShorts())
                    .add(b);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 14]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 14]).reinterpretAsShorts())
                    .add(b);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 15]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 15]).reinterpretAsShorts())
                    .add(b);
            a.reinterpretAsInts().intoArray(sums, i * Lanes.COUNT);
            b.reinterpretAsInts().intoArray(sums, SUMS + i * Lanes.COUNT);
        }
    }

    /** Three rows of activations. */
    private static void three(MemorySegment w, long at, int blocks, NibbleInputs x, int first, int[] sums) {
        float[] words = x.words();
        float[] bias = x.bias();
        int stride = x.blocks();
        for (int i = 0; i < blocks; i++, at += BLOCK) {
            int ax = 16 * (first + i);
            ShortVector a = FloatVector.broadcast(Lanes.F32, bias[first + i]).reinterpretAsShorts();
            int bx = 16 * (first + i + stride);
            ShortVector b =
                    FloatVector.broadcast(Lanes.F32, bias[first + i + stride]).reinterpretAsShorts();
            int cx = 16 * (first + i + 2 * stride);
            ShortVector c = FloatVector.broadcast(Lanes.F32, bias[first + i + 2 * stride])
                    .reinterpretAsShorts();
            ShortVector s = ShortVector.fromMemorySegment(SHORTS, w, at + WORD_0, LE);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx]).reinterpretAsShorts())
                    .add(b);
            c = s.mul(FloatVector.broadcast(Lanes.F32, words[cx]).reinterpretAsShorts())
                    .add(c);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 1]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 1]).reinterpretAsShorts())
                    .add(b);
            c = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 1]).reinterpretAsShorts())
                    .add(c);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 2]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 2]).reinterpretAsShorts())
                    .add(b);
            c = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 2]).reinterpretAsShorts())
                    .add(c);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 3]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 3]).reinterpretAsShorts())
                    .add(b);
            c = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 3]).reinterpretAsShorts())
                    .add(c);
            s = ShortVector.fromMemorySegment(SHORTS, w, at + WORD_1, LE);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 4]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 4]).reinterpretAsShorts())
                    .add(b);
            c = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 4]).reinterpretAsShorts())
                    .add(c);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 5]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 5]).reinterpretAsShorts())
                    .add(b);
            c = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 5]).reinterpretAsShorts())
                    .add(c);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 6]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 6]).reinterpretAsShorts())
                    .add(b);
            c = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 6]).reinterpretAsShorts())
                    .add(c);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 7]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 7]).reinterpretAsShorts())
                    .add(b);
            c = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 7]).reinterpretAsShorts())
                    .add(c);
            s = ShortVector.fromMemorySegment(SHORTS, w, at + WORD_2, LE);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 8]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 8]).reinterpretAsShorts())
                    .add(b);
            c = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 8]).reinterpretAsShorts())
                    .add(c);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 9]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 9]).reinterpretAsShorts())
                    .add(b);
            c = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 9]).reinterpretAsShorts())
                    .add(c);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 10]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 10]).reinterpretAsShorts())
                    .add(b);
            c = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 10]).reinterpretAsShorts())
                    .add(c);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 11]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 11]).reinterpretAsShorts())
                    .add(b);
            c = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 11]).reinterpretAsShorts())
                    .add(c);
            s = ShortVector.fromMemorySegment(SHORTS, w, at + WORD_3, LE);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 12]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 12]).reinterpretAsShorts())
                    .add(b);
            c = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 12]).reinterpretAsShorts())
                    .add(c);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 13]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 13]).reinterpretAsShorts())
                    .add(b);
            c = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 13]).reinterpretAsShorts())
                    .add(c);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 14]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 14]).reinterpretAsShorts())
                    .add(b);
            c = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 14]).reinterpretAsShorts())
                    .add(c);
            s = s.lanewise(VectorOperators.LSHR, 4);
            a = s.mul(FloatVector.broadcast(Lanes.F32, words[ax + 15]).reinterpretAsShorts())
                    .add(a);
            b = s.mul(FloatVector.broadcast(Lanes.F32, words[bx + 15]).reinterpretAsShorts())
                    .add(b);
            c = s.mul(FloatVector.broadcast(Lanes.F32, words[cx + 15]).reinterpretAsShorts())
                    .add(c);
            a.reinterpretAsInts().intoArray(sums, i * Lanes.COUNT);
            b.reinterpretAsInts().intoArray(sums, SUMS + i * Lanes.COUNT);
            c.reinterpretAsInts().intoArray(sums, 2 * SUMS + i * Lanes.COUNT);
        }
    }
}
