package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import sparrow.engine.tensor.DType;
import sparrow.engine.tensor.Matrix;

/**
 * A row of bf16 or f16 weights times rows of activations, widened in registers. A 32-bit word of the row holds two
 * columns: the even one in its low half, the odd one in its high half, each brought to its place by shifts and masks, and
 * {@link HalfInputs} has the activations in that order.
 *
 * <p>A bf16 number is the upper half of an f32. Of an f16 number the exponent and the mantissa move down by three bits,
 * which spreads the sign: the copies are masked off, and times 2^112 the exponent has f32's bias. Subnormal numbers come
 * out exact; infinities and NaN do not occur in weights.
 *
 * <p>Every row of activations has two accumulators, so that its sum does not depend on the rows beside it. Written out
 * for the reasons given at {@link NibbleDots}.
 */
final class HalfDots {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final int HIGH_BF16 = 0xffff0000;
    private static final int LOW_F16 = 0x8fffffff;
    private static final int HIGH_F16 = 0x8fffe000;
    private static final float REBIAS = 0x1p112f;

    private HalfDots() {}

    /** Columns that are multiplied here, of so many: whole panels. The caller adds the products of the others. */
    static int columns(int columns) {
        return columns - columns % Lanes.PANEL;
    }

    /**
     * Multiplies one matrix row with some rows of activations.
     *
     * @param firstRow first row of activations
     * @param rows 1 to 3
     * @param sums what is left to be summed over the lanes, [rows, COUNT]
     */
    static void multiply(Matrix w, int row, HalfInputs x, int firstRow, int rows, float[] sums) {
        long at = row * w.rowBytes();
        int n = columns(w.columns());
        int first = x.row(firstRow);
        boolean bf16 = w.dtype() == DType.BF16;
        switch (rows) {
            case 1 -> {
                if (bf16) bf16One(w.data(), at, n, x.values(), first, sums);
                else f16One(w.data(), at, n, x.values(), first, sums);
            }
            case 2 -> {
                if (bf16) bf16Two(w.data(), at, n, x.values(), first, x.stride(), sums);
                else f16Two(w.data(), at, n, x.values(), first, x.stride(), sums);
            }
            default -> {
                if (bf16) bf16Three(w.data(), at, n, x.values(), first, x.stride(), sums);
                else f16Three(w.data(), at, n, x.values(), first, x.stride(), sums);
            }
        }
    }

    private static void bf16One(MemorySegment w, long at, int n, float[] x, int first, float[] sums) {
        FloatVector a0 = FloatVector.zero(Lanes.F32);
        FloatVector a1 = FloatVector.zero(Lanes.F32);
        for (int c = 0; c < n; c += Lanes.PANEL) {
            IntVector v = IntVector.fromMemorySegment(Lanes.I32, w, at + 2L * c, LE);
            FloatVector even = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector odd = v.and(HIGH_BF16).reinterpretAsFloats();
            int i = first + c;
            a0 = even.fma(FloatVector.fromArray(Lanes.F32, x, i), a0);
            a1 = odd.fma(FloatVector.fromArray(Lanes.F32, x, i + Lanes.COUNT), a1);
        }
        a0.add(a1).intoArray(sums, 0);
    }

    private static void bf16Two(MemorySegment w, long at, int n, float[] x, int first, int stride, float[] sums) {
        FloatVector a0 = FloatVector.zero(Lanes.F32);
        FloatVector a1 = FloatVector.zero(Lanes.F32);
        FloatVector b0 = FloatVector.zero(Lanes.F32);
        FloatVector b1 = FloatVector.zero(Lanes.F32);
        for (int c = 0; c < n; c += Lanes.PANEL) {
            IntVector v = IntVector.fromMemorySegment(Lanes.I32, w, at + 2L * c, LE);
            FloatVector even = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector odd = v.and(HIGH_BF16).reinterpretAsFloats();
            int i = first + c;
            a0 = even.fma(FloatVector.fromArray(Lanes.F32, x, i), a0);
            a1 = odd.fma(FloatVector.fromArray(Lanes.F32, x, i + Lanes.COUNT), a1);
            i += stride;
            b0 = even.fma(FloatVector.fromArray(Lanes.F32, x, i), b0);
            b1 = odd.fma(FloatVector.fromArray(Lanes.F32, x, i + Lanes.COUNT), b1);
        }
        a0.add(a1).intoArray(sums, 0);
        b0.add(b1).intoArray(sums, Lanes.COUNT);
    }

    private static void bf16Three(MemorySegment w, long at, int n, float[] x, int first, int stride, float[] sums) {
        FloatVector a0 = FloatVector.zero(Lanes.F32);
        FloatVector a1 = FloatVector.zero(Lanes.F32);
        FloatVector b0 = FloatVector.zero(Lanes.F32);
        FloatVector b1 = FloatVector.zero(Lanes.F32);
        FloatVector c0 = FloatVector.zero(Lanes.F32);
        FloatVector c1 = FloatVector.zero(Lanes.F32);
        for (int c = 0; c < n; c += Lanes.PANEL) {
            IntVector v = IntVector.fromMemorySegment(Lanes.I32, w, at + 2L * c, LE);
            FloatVector even = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector odd = v.and(HIGH_BF16).reinterpretAsFloats();
            int i = first + c;
            a0 = even.fma(FloatVector.fromArray(Lanes.F32, x, i), a0);
            a1 = odd.fma(FloatVector.fromArray(Lanes.F32, x, i + Lanes.COUNT), a1);
            i += stride;
            b0 = even.fma(FloatVector.fromArray(Lanes.F32, x, i), b0);
            b1 = odd.fma(FloatVector.fromArray(Lanes.F32, x, i + Lanes.COUNT), b1);
            i += stride;
            c0 = even.fma(FloatVector.fromArray(Lanes.F32, x, i), c0);
            c1 = odd.fma(FloatVector.fromArray(Lanes.F32, x, i + Lanes.COUNT), c1);
        }
        a0.add(a1).intoArray(sums, 0);
        b0.add(b1).intoArray(sums, Lanes.COUNT);
        c0.add(c1).intoArray(sums, 2 * Lanes.COUNT);
    }

    private static void f16One(MemorySegment w, long at, int n, float[] x, int first, float[] sums) {
        FloatVector a0 = FloatVector.zero(Lanes.F32);
        FloatVector a1 = FloatVector.zero(Lanes.F32);
        for (int c = 0; c < n; c += Lanes.PANEL) {
            IntVector v = IntVector.fromMemorySegment(Lanes.I32, w, at + 2L * c, LE);
            IntVector low = v.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 3);
            IntVector high = v.lanewise(VectorOperators.ASHR, 3);
            FloatVector even = low.and(LOW_F16).reinterpretAsFloats().mul(REBIAS);
            FloatVector odd = high.and(HIGH_F16).reinterpretAsFloats().mul(REBIAS);
            int i = first + c;
            a0 = even.fma(FloatVector.fromArray(Lanes.F32, x, i), a0);
            a1 = odd.fma(FloatVector.fromArray(Lanes.F32, x, i + Lanes.COUNT), a1);
        }
        a0.add(a1).intoArray(sums, 0);
    }

    private static void f16Two(MemorySegment w, long at, int n, float[] x, int first, int stride, float[] sums) {
        FloatVector a0 = FloatVector.zero(Lanes.F32);
        FloatVector a1 = FloatVector.zero(Lanes.F32);
        FloatVector b0 = FloatVector.zero(Lanes.F32);
        FloatVector b1 = FloatVector.zero(Lanes.F32);
        for (int c = 0; c < n; c += Lanes.PANEL) {
            IntVector v = IntVector.fromMemorySegment(Lanes.I32, w, at + 2L * c, LE);
            IntVector low = v.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 3);
            IntVector high = v.lanewise(VectorOperators.ASHR, 3);
            FloatVector even = low.and(LOW_F16).reinterpretAsFloats().mul(REBIAS);
            FloatVector odd = high.and(HIGH_F16).reinterpretAsFloats().mul(REBIAS);
            int i = first + c;
            a0 = even.fma(FloatVector.fromArray(Lanes.F32, x, i), a0);
            a1 = odd.fma(FloatVector.fromArray(Lanes.F32, x, i + Lanes.COUNT), a1);
            i += stride;
            b0 = even.fma(FloatVector.fromArray(Lanes.F32, x, i), b0);
            b1 = odd.fma(FloatVector.fromArray(Lanes.F32, x, i + Lanes.COUNT), b1);
        }
        a0.add(a1).intoArray(sums, 0);
        b0.add(b1).intoArray(sums, Lanes.COUNT);
    }

    private static void f16Three(MemorySegment w, long at, int n, float[] x, int first, int stride, float[] sums) {
        FloatVector a0 = FloatVector.zero(Lanes.F32);
        FloatVector a1 = FloatVector.zero(Lanes.F32);
        FloatVector b0 = FloatVector.zero(Lanes.F32);
        FloatVector b1 = FloatVector.zero(Lanes.F32);
        FloatVector c0 = FloatVector.zero(Lanes.F32);
        FloatVector c1 = FloatVector.zero(Lanes.F32);
        for (int c = 0; c < n; c += Lanes.PANEL) {
            IntVector v = IntVector.fromMemorySegment(Lanes.I32, w, at + 2L * c, LE);
            IntVector low = v.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 3);
            IntVector high = v.lanewise(VectorOperators.ASHR, 3);
            FloatVector even = low.and(LOW_F16).reinterpretAsFloats().mul(REBIAS);
            FloatVector odd = high.and(HIGH_F16).reinterpretAsFloats().mul(REBIAS);
            int i = first + c;
            a0 = even.fma(FloatVector.fromArray(Lanes.F32, x, i), a0);
            a1 = odd.fma(FloatVector.fromArray(Lanes.F32, x, i + Lanes.COUNT), a1);
            i += stride;
            b0 = even.fma(FloatVector.fromArray(Lanes.F32, x, i), b0);
            b1 = odd.fma(FloatVector.fromArray(Lanes.F32, x, i + Lanes.COUNT), b1);
            i += stride;
            c0 = even.fma(FloatVector.fromArray(Lanes.F32, x, i), c0);
            c1 = odd.fma(FloatVector.fromArray(Lanes.F32, x, i + Lanes.COUNT), c1);
        }
        a0.add(a1).intoArray(sums, 0);
        b0.add(b1).intoArray(sums, Lanes.COUNT);
        c0.add(c1).intoArray(sums, 2 * Lanes.COUNT);
    }
}
