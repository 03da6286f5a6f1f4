package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import sparrow.tensor.Matrix;

/**
 * Multiplies bf16 weights, widened in registers, by rows of activations. A 32-bit word of a matrix row contains two
 * columns, and a bf16 number is the upper half of an f32. The even column is therefore shifted up, and the odd column
 * is already in place.
 *
 * <p>Each pass processes four matrix rows. The activations are loaded once for all four rows, memory is read in four
 * streams, and each sum requires only one accumulator because the other three accumulators hide its latency. A row's
 * sum therefore does not depend on the other rows. With two or three rows of activations, loops over two matrix rows,
 * or over one row with two accumulators, reached half the speed. The loops are written out for the reasons given in
 * {@link Q4Dots}. In variable names, a to c are rows of activations and 0 to 3 are matrix rows.
 */
final class Bf16Dots {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final int HIGH = 0xffff0000;

    private Bf16Dots() {}

    /**
     * Multiplies four matrix rows by up to three rows of activations.
     *
     * @param row first matrix row
     * @param firstRow first row of activations
     * @param rows number of rows of activations, 1 to 3
     * @param sums output, [rows, 4, COUNT], whose lanes are not yet summed
     */
    static void multiply(Matrix w, int row, Float16Linear.Inputs x, int firstRow, int rows, float[] sums) {
        switch (rows) {
            case 1 -> one(w, row, x, firstRow, sums);
            case 2 -> two(w, row, x, firstRow, sums);
            default -> three(w, row, x, firstRow, sums);
        }
    }

    private static void one(Matrix w, int row, Float16Linear.Inputs x, int firstRow, float[] sums) {
        MemorySegment data = w.data();
        float[] values = x.values();
        long w0 = Float16Linear.at(w, row);
        long w1 = Float16Linear.at(w, row + 1);
        long w2 = Float16Linear.at(w, row + 2);
        long w3 = Float16Linear.at(w, row + 3);
        FloatVector a0 = FloatVector.zero(Lanes.F32);
        FloatVector a1 = FloatVector.zero(Lanes.F32);
        FloatVector a2 = FloatVector.zero(Lanes.F32);
        FloatVector a3 = FloatVector.zero(Lanes.F32);
        int n = x.paired();
        int first = x.row(firstRow);
        for (int i = 0; i < n; i += Lanes.PANEL) {
            FloatVector aEven = FloatVector.fromArray(Lanes.F32, values, first + i);
            FloatVector aOdd = FloatVector.fromArray(Lanes.F32, values, first + i + Lanes.COUNT);
            IntVector v = IntVector.fromMemorySegment(Lanes.I32, data, w0 + 2L * i, LE);
            FloatVector even = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector odd = v.and(HIGH).reinterpretAsFloats();
            a0 = odd.fma(aOdd, even.fma(aEven, a0));
            v = IntVector.fromMemorySegment(Lanes.I32, data, w1 + 2L * i, LE);
            even = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            odd = v.and(HIGH).reinterpretAsFloats();
            a1 = odd.fma(aOdd, even.fma(aEven, a1));
            v = IntVector.fromMemorySegment(Lanes.I32, data, w2 + 2L * i, LE);
            even = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            odd = v.and(HIGH).reinterpretAsFloats();
            a2 = odd.fma(aOdd, even.fma(aEven, a2));
            v = IntVector.fromMemorySegment(Lanes.I32, data, w3 + 2L * i, LE);
            even = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            odd = v.and(HIGH).reinterpretAsFloats();
            a3 = odd.fma(aOdd, even.fma(aEven, a3));
        }
        a0.intoArray(sums, 0);
        a1.intoArray(sums, Lanes.COUNT);
        a2.intoArray(sums, 2 * Lanes.COUNT);
        a3.intoArray(sums, 3 * Lanes.COUNT);
    }

    private static void two(Matrix w, int row, Float16Linear.Inputs x, int firstRow, float[] sums) {
        MemorySegment data = w.data();
        float[] values = x.values();
        long w0 = Float16Linear.at(w, row);
        long w1 = Float16Linear.at(w, row + 1);
        long w2 = Float16Linear.at(w, row + 2);
        long w3 = Float16Linear.at(w, row + 3);
        FloatVector a0 = FloatVector.zero(Lanes.F32);
        FloatVector a1 = FloatVector.zero(Lanes.F32);
        FloatVector a2 = FloatVector.zero(Lanes.F32);
        FloatVector a3 = FloatVector.zero(Lanes.F32);
        FloatVector b0 = FloatVector.zero(Lanes.F32);
        FloatVector b1 = FloatVector.zero(Lanes.F32);
        FloatVector b2 = FloatVector.zero(Lanes.F32);
        FloatVector b3 = FloatVector.zero(Lanes.F32);
        int n = x.paired();
        int first = x.row(firstRow);
        int stride = x.stride();
        for (int i = 0; i < n; i += Lanes.PANEL) {
            FloatVector aEven = FloatVector.fromArray(Lanes.F32, values, first + i);
            FloatVector aOdd = FloatVector.fromArray(Lanes.F32, values, first + i + Lanes.COUNT);
            FloatVector bEven = FloatVector.fromArray(Lanes.F32, values, first + stride + i);
            FloatVector bOdd = FloatVector.fromArray(Lanes.F32, values, first + stride + i + Lanes.COUNT);
            IntVector v = IntVector.fromMemorySegment(Lanes.I32, data, w0 + 2L * i, LE);
            FloatVector even = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector odd = v.and(HIGH).reinterpretAsFloats();
            a0 = odd.fma(aOdd, even.fma(aEven, a0));
            b0 = odd.fma(bOdd, even.fma(bEven, b0));
            v = IntVector.fromMemorySegment(Lanes.I32, data, w1 + 2L * i, LE);
            even = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            odd = v.and(HIGH).reinterpretAsFloats();
            a1 = odd.fma(aOdd, even.fma(aEven, a1));
            b1 = odd.fma(bOdd, even.fma(bEven, b1));
            v = IntVector.fromMemorySegment(Lanes.I32, data, w2 + 2L * i, LE);
            even = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            odd = v.and(HIGH).reinterpretAsFloats();
            a2 = odd.fma(aOdd, even.fma(aEven, a2));
            b2 = odd.fma(bOdd, even.fma(bEven, b2));
            v = IntVector.fromMemorySegment(Lanes.I32, data, w3 + 2L * i, LE);
            even = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            odd = v.and(HIGH).reinterpretAsFloats();
            a3 = odd.fma(aOdd, even.fma(aEven, a3));
            b3 = odd.fma(bOdd, even.fma(bEven, b3));
        }
        a0.intoArray(sums, 0);
        a1.intoArray(sums, Lanes.COUNT);
        a2.intoArray(sums, 2 * Lanes.COUNT);
        a3.intoArray(sums, 3 * Lanes.COUNT);
        b0.intoArray(sums, 4 * Lanes.COUNT);
        b1.intoArray(sums, 5 * Lanes.COUNT);
        b2.intoArray(sums, 6 * Lanes.COUNT);
        b3.intoArray(sums, 7 * Lanes.COUNT);
    }

    private static void three(Matrix w, int row, Float16Linear.Inputs x, int firstRow, float[] sums) {
        MemorySegment data = w.data();
        float[] values = x.values();
        long w0 = Float16Linear.at(w, row);
        long w1 = Float16Linear.at(w, row + 1);
        long w2 = Float16Linear.at(w, row + 2);
        long w3 = Float16Linear.at(w, row + 3);
        FloatVector a0 = FloatVector.zero(Lanes.F32);
        FloatVector a1 = FloatVector.zero(Lanes.F32);
        FloatVector a2 = FloatVector.zero(Lanes.F32);
        FloatVector a3 = FloatVector.zero(Lanes.F32);
        FloatVector b0 = FloatVector.zero(Lanes.F32);
        FloatVector b1 = FloatVector.zero(Lanes.F32);
        FloatVector b2 = FloatVector.zero(Lanes.F32);
        FloatVector b3 = FloatVector.zero(Lanes.F32);
        FloatVector c0 = FloatVector.zero(Lanes.F32);
        FloatVector c1 = FloatVector.zero(Lanes.F32);
        FloatVector c2 = FloatVector.zero(Lanes.F32);
        FloatVector c3 = FloatVector.zero(Lanes.F32);
        int n = x.paired();
        int first = x.row(firstRow);
        int stride = x.stride();
        for (int i = 0; i < n; i += Lanes.PANEL) {
            FloatVector aEven = FloatVector.fromArray(Lanes.F32, values, first + i);
            FloatVector aOdd = FloatVector.fromArray(Lanes.F32, values, first + i + Lanes.COUNT);
            FloatVector bEven = FloatVector.fromArray(Lanes.F32, values, first + stride + i);
            FloatVector bOdd = FloatVector.fromArray(Lanes.F32, values, first + stride + i + Lanes.COUNT);
            FloatVector cEven = FloatVector.fromArray(Lanes.F32, values, first + 2 * stride + i);
            FloatVector cOdd = FloatVector.fromArray(Lanes.F32, values, first + 2 * stride + i + Lanes.COUNT);
            IntVector v = IntVector.fromMemorySegment(Lanes.I32, data, w0 + 2L * i, LE);
            FloatVector even = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector odd = v.and(HIGH).reinterpretAsFloats();
            a0 = odd.fma(aOdd, even.fma(aEven, a0));
            b0 = odd.fma(bOdd, even.fma(bEven, b0));
            c0 = odd.fma(cOdd, even.fma(cEven, c0));
            v = IntVector.fromMemorySegment(Lanes.I32, data, w1 + 2L * i, LE);
            even = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            odd = v.and(HIGH).reinterpretAsFloats();
            a1 = odd.fma(aOdd, even.fma(aEven, a1));
            b1 = odd.fma(bOdd, even.fma(bEven, b1));
            c1 = odd.fma(cOdd, even.fma(cEven, c1));
            v = IntVector.fromMemorySegment(Lanes.I32, data, w2 + 2L * i, LE);
            even = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            odd = v.and(HIGH).reinterpretAsFloats();
            a2 = odd.fma(aOdd, even.fma(aEven, a2));
            b2 = odd.fma(bOdd, even.fma(bEven, b2));
            c2 = odd.fma(cOdd, even.fma(cEven, c2));
            v = IntVector.fromMemorySegment(Lanes.I32, data, w3 + 2L * i, LE);
            even = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            odd = v.and(HIGH).reinterpretAsFloats();
            a3 = odd.fma(aOdd, even.fma(aEven, a3));
            b3 = odd.fma(bOdd, even.fma(bEven, b3));
            c3 = odd.fma(cOdd, even.fma(cEven, c3));
        }
        a0.intoArray(sums, 0);
        a1.intoArray(sums, Lanes.COUNT);
        a2.intoArray(sums, 2 * Lanes.COUNT);
        a3.intoArray(sums, 3 * Lanes.COUNT);
        b0.intoArray(sums, 4 * Lanes.COUNT);
        b1.intoArray(sums, 5 * Lanes.COUNT);
        b2.intoArray(sums, 6 * Lanes.COUNT);
        b3.intoArray(sums, 7 * Lanes.COUNT);
        c0.intoArray(sums, 8 * Lanes.COUNT);
        c1.intoArray(sums, 9 * Lanes.COUNT);
        c2.intoArray(sums, 10 * Lanes.COUNT);
        c3.intoArray(sums, 11 * Lanes.COUNT);
    }
}
