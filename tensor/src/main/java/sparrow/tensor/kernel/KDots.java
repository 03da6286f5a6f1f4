package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Multiplies K-quants by f32 activations. The parts of a word are masked but not shifted, because the factors prepared
 * by {@link KKernel.Inputs} correct for their position. Only the last part is shifted because it contains the sign bit.
 * Codes and scales of a block are processed by two methods because a combined method would be too large for the JIT.
 */
final class KDots {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    /** Maximum number of groups in a block. */
    private static final int MAX_GROUPS = 16;

    /** Sums of the groups of a block, [groups, SIDE, COUNT]. */
    private static final ThreadLocal<float[]> SUMS =
            ThreadLocal.withInitial(() -> new float[MAX_GROUPS * QuantisedWeight.SIDE * Lanes.COUNT]);

    private KDots() {}

    /**
     * Multiplies one block of four groups of rows by a row of activations and adds the products to the outputs.
     *
     * @param at byte offset of the block in the first group of rows
     * @param stride number of bytes from one group of rows to the next
     * @param block index of the block in the inputs
     * @param y outputs, COUNT for each group of rows; the first group begins at {@code to}, and the other groups follow
     *     at distance {@code step}
     */
    static void add(MemorySegment w, long at, long stride, KKernel.Inputs x, int block, float[] y, int to, int step) {
        float[] sums = SUMS.get();
        codes(w, at + x.kernel().head() * QuantisedPacking.WORD, stride, x, block, sums);
        for (int i = 0; i < QuantisedWeight.SIDE; i++) {
            scales(w, at + i * stride, x, block, sums, i * Lanes.COUNT, y, to + i * step);
        }
    }

    private static void codes(MemorySegment w, long first, long stride, KKernel.Inputs x, int block, float[] sums) {
        KKernel kernel = x.kernel();
        int[] masks = kernel.masks();
        float[] factors = x.factors();
        int groups = kernel.groups();
        int words = kernel.words();
        int last = masks.length - 1;
        int place = kernel.lastPlace();
        int n = block * groups * words * masks.length;
        long wordAt = first;
        int to = 0;
        for (int g = 0; g < groups; g++) {
            float start = kernel.hasMinima() ? 0 : x.sums()[block * groups + g];
            FloatVector as = FloatVector.broadcast(Lanes.F32, start);
            FloatVector bs = as;
            FloatVector cs = as;
            FloatVector ds = as;
            for (int k = 0; k < words; k++, wordAt += QuantisedPacking.WORD) {
                IntVector aw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt, LE);
                IntVector bw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + stride, LE);
                IntVector cw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + 2 * stride, LE);
                IntVector dw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + 3 * stride, LE);
                for (int p = 0; p < last; p++, n++) {
                    FloatVector f = FloatVector.broadcast(Lanes.F32, factors[n]);
                    int mask = masks[p];
                    as = ((FloatVector) aw.and(mask).convert(VectorOperators.I2F, 0)).fma(f, as);
                    bs = ((FloatVector) bw.and(mask).convert(VectorOperators.I2F, 0)).fma(f, bs);
                    cs = ((FloatVector) cw.and(mask).convert(VectorOperators.I2F, 0)).fma(f, cs);
                    ds = ((FloatVector) dw.and(mask).convert(VectorOperators.I2F, 0)).fma(f, ds);
                }
                FloatVector f = FloatVector.broadcast(Lanes.F32, factors[n++]);
                as = high(aw, place).fma(f, as);
                bs = high(bw, place).fma(f, bs);
                cs = high(cw, place).fma(f, cs);
                ds = high(dw, place).fma(f, ds);
            }
            as.intoArray(sums, to);
            bs.intoArray(sums, to + Lanes.COUNT);
            cs.intoArray(sums, to + 2 * Lanes.COUNT);
            ds.intoArray(sums, to + 3 * Lanes.COUNT);
            to += QuantisedWeight.SIDE * Lanes.COUNT;
        }
    }

    private static FloatVector high(IntVector words, int place) {
        return (FloatVector) words.lanewise(VectorOperators.LSHR, place).convert(VectorOperators.I2F, 0);
    }

    /** Multiplies the sums of a group of rows by their scales and adds the results. */
    private static void scales(
            MemorySegment w, long at, KKernel.Inputs x, int block, float[] sums, int from, float[] y, int to) {
        KKernel kernel = x.kernel();
        int groups = kernel.groups();
        boolean minima = kernel.hasMinima();
        long bytes = at + (minima ? 2 : 1) * QuantisedPacking.WORD;
        FloatVector sum = FloatVector.zero(Lanes.F32);
        for (int g = 0; g < groups; g++) {
            FloatVector codes = FloatVector.fromArray(Lanes.F32, sums, from + g * QuantisedWeight.SIDE * Lanes.COUNT);
            sum = codes.fma(KKernel.bytes(w, bytes, g), sum);
        }
        FloatVector scale = FloatVector.fromMemorySegment(Lanes.F32, w, at, LE);
        FloatVector all = sum.fma(scale, FloatVector.fromArray(Lanes.F32, y, to));
        if (minima) {
            bytes += groups / 4 * QuantisedPacking.WORD;
            FloatVector less = FloatVector.zero(Lanes.F32);
            for (int g = 0; g < groups; g++) {
                less = KKernel.bytes(w, bytes, g)
                        .fma(FloatVector.broadcast(Lanes.F32, x.sums()[block * groups + g]), less);
            }
            all = less.fma(FloatVector.fromMemorySegment(Lanes.F32, w, at + QuantisedPacking.WORD, LE), all);
        }
        all.intoArray(y, to);
    }
}
