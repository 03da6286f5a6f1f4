package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * The register tiles of the matrix product, which multiply a few rows of activations by one panel of weights. Each
 * method keeps two vectors per row in registers and reads every column of the panel once; with more rows, there are
 * fewer loads per multiplication. Thirty-two vector registers can hold twelve rows in addition to two vectors of
 * weights and the factors. Sixteen registers could hold five or six rows, but then only one or two factors. The JIT
 * often loads more factors in advance and spills sums to memory, which halves the speed. Processors with sixteen
 * registers therefore use four rows.
 *
 * <p>Every tile adds the products of a row in the order of the columns, so a row's sums do not depend on the number of
 * rows. One or two rows could be summed faster with several partial sums, but they mostly wait for memory.
 */
final class Tiles {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final long VECTOR_BYTES = 4L * Lanes.COUNT;
    private static final long COLUMN_BYTES = 2 * VECTOR_BYTES;

    private static final boolean X86 = List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));

    /** True if there are few vector registers. x86-64 without AVX-512 has sixteen; other processors have thirty-two. */
    private static final boolean FEW_REGISTERS = X86 && Lanes.PREFERRED_BITS < 512;

    /** True if rows are packed. A benefit was measured only on x86-64. */
    static final boolean PACKS = X86;

    /** Number of rows of the tallest tile, whose activations are packed. */
    static final int TALL = FEW_REGISTERS ? 4 : 12;

    private Tiles() {}

    /**
     * Computes y[r, 0..PANEL) = sum over the columns of x[r, c] * panel[c, 0..PANEL) for all rows of x.
     *
     * @param first first column of x to multiply
     * @param end end of the columns to multiply (exclusive)
     * @param w memory that contains the panel, [end - first, PANEL], at byte {@code at}
     * @param yOffset index of y's first row; PANEL values are written in each row
     */
    static void panel(PackedRows x, int first, int end, MemorySegment w, long at, float[] y, int yOffset, int yStride) {
        int n = end - first;
        int packed = x.tileCount() * TALL;
        for (int tile = 0; tile < x.tileCount(); tile++) {
            if (TALL == 12)
                twelve(x.tiles(), x.tile(tile, first), w, at, n, y, yOffset + tile * TALL * yStride, yStride);
            else packedFour(x.tiles(), x.tile(tile, first), w, at, n, y, yOffset + tile * TALL * yStride, yStride);
        }
        Block rest = x.rows().rows(packed, x.rows().rows());
        if (rest.rows() > 0) panel(rest.columns(first, end), w, at, y, yOffset + packed * yStride, yStride);
    }

    /**
     * Multiplies a few unpacked rows by one panel.
     *
     * @param w memory that contains the panel, [columns, PANEL], at byte {@code at}
     * @param yOffset index of y's first row; PANEL values are written in each row
     */
    private static void panel(Block x, MemorySegment w, long at, float[] y, int yOffset, int yStride) {
        int n = x.columns();
        int r = 0;
        for (; !FEW_REGISTERS && r + 6 <= x.rows(); r += 6) {
            six(x.data(), x.row(r), x.stride(), w, at, n, y, yOffset + r * yStride, yStride);
        }
        for (; r + 4 <= x.rows(); r += 4) {
            four(x.data(), x.row(r), x.stride(), w, at, n, y, yOffset + r * yStride, yStride);
        }
        if (r + 2 <= x.rows()) {
            two(x.data(), x.row(r), x.stride(), w, at, n, y, yOffset + r * yStride, yStride);
            r += 2;
        }
        if (r < x.rows()) one(x.data(), x.row(r), w, at, n, y, yOffset + r * yStride);
    }

    /**
     * Multiplies twelve packed rows. The stores are written out because the JIT does not inline other methods into a
     * body of this length.
     */
    private static void twelve(float[] x, int x0, MemorySegment w, long at, int n, float[] y, int y0, int ys) {
        FloatVector a0 = FloatVector.zero(Lanes.F32);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        FloatVector e0 = a0;
        FloatVector e1 = a0;
        FloatVector f0 = a0;
        FloatVector f1 = a0;
        FloatVector g0 = a0;
        FloatVector g1 = a0;
        FloatVector h0 = a0;
        FloatVector h1 = a0;
        FloatVector i0 = a0;
        FloatVector i1 = a0;
        FloatVector j0 = a0;
        FloatVector j1 = a0;
        FloatVector k0 = a0;
        FloatVector k1 = a0;
        FloatVector l0 = a0;
        FloatVector l1 = a0;
        for (int c = 0, from = x0; c < n; c++, from += 12, at += COLUMN_BYTES) {
            FloatVector w0 = FloatVector.fromMemorySegment(Lanes.F32, w, at, LE);
            FloatVector w1 = FloatVector.fromMemorySegment(Lanes.F32, w, at + VECTOR_BYTES, LE);
            FloatVector v = FloatVector.broadcast(Lanes.F32, x[from]);
            a0 = v.fma(w0, a0);
            a1 = v.fma(w1, a1);
            v = FloatVector.broadcast(Lanes.F32, x[from + 1]);
            b0 = v.fma(w0, b0);
            b1 = v.fma(w1, b1);
            v = FloatVector.broadcast(Lanes.F32, x[from + 2]);
            c0 = v.fma(w0, c0);
            c1 = v.fma(w1, c1);
            v = FloatVector.broadcast(Lanes.F32, x[from + 3]);
            d0 = v.fma(w0, d0);
            d1 = v.fma(w1, d1);
            v = FloatVector.broadcast(Lanes.F32, x[from + 4]);
            e0 = v.fma(w0, e0);
            e1 = v.fma(w1, e1);
            v = FloatVector.broadcast(Lanes.F32, x[from + 5]);
            f0 = v.fma(w0, f0);
            f1 = v.fma(w1, f1);
            v = FloatVector.broadcast(Lanes.F32, x[from + 6]);
            g0 = v.fma(w0, g0);
            g1 = v.fma(w1, g1);
            v = FloatVector.broadcast(Lanes.F32, x[from + 7]);
            h0 = v.fma(w0, h0);
            h1 = v.fma(w1, h1);
            v = FloatVector.broadcast(Lanes.F32, x[from + 8]);
            i0 = v.fma(w0, i0);
            i1 = v.fma(w1, i1);
            v = FloatVector.broadcast(Lanes.F32, x[from + 9]);
            j0 = v.fma(w0, j0);
            j1 = v.fma(w1, j1);
            v = FloatVector.broadcast(Lanes.F32, x[from + 10]);
            k0 = v.fma(w0, k0);
            k1 = v.fma(w1, k1);
            v = FloatVector.broadcast(Lanes.F32, x[from + 11]);
            l0 = v.fma(w0, l0);
            l1 = v.fma(w1, l1);
        }
        a0.intoArray(y, y0);
        a1.intoArray(y, y0 + Lanes.COUNT);
        b0.intoArray(y, y0 + ys);
        b1.intoArray(y, y0 + ys + Lanes.COUNT);
        c0.intoArray(y, y0 + 2 * ys);
        c1.intoArray(y, y0 + 2 * ys + Lanes.COUNT);
        d0.intoArray(y, y0 + 3 * ys);
        d1.intoArray(y, y0 + 3 * ys + Lanes.COUNT);
        e0.intoArray(y, y0 + 4 * ys);
        e1.intoArray(y, y0 + 4 * ys + Lanes.COUNT);
        f0.intoArray(y, y0 + 5 * ys);
        f1.intoArray(y, y0 + 5 * ys + Lanes.COUNT);
        g0.intoArray(y, y0 + 6 * ys);
        g1.intoArray(y, y0 + 6 * ys + Lanes.COUNT);
        h0.intoArray(y, y0 + 7 * ys);
        h1.intoArray(y, y0 + 7 * ys + Lanes.COUNT);
        i0.intoArray(y, y0 + 8 * ys);
        i1.intoArray(y, y0 + 8 * ys + Lanes.COUNT);
        j0.intoArray(y, y0 + 9 * ys);
        j1.intoArray(y, y0 + 9 * ys + Lanes.COUNT);
        k0.intoArray(y, y0 + 10 * ys);
        k1.intoArray(y, y0 + 10 * ys + Lanes.COUNT);
        l0.intoArray(y, y0 + 11 * ys);
        l1.intoArray(y, y0 + 11 * ys + Lanes.COUNT);
    }

    /** Multiplies four packed rows. */
    private static void packedFour(float[] x, int x0, MemorySegment w, long at, int n, float[] y, int y0, int ys) {
        FloatVector a0 = FloatVector.zero(Lanes.F32);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        for (int c = 0, from = x0; c < n; c++, from += 4, at += COLUMN_BYTES) {
            FloatVector w0 = FloatVector.fromMemorySegment(Lanes.F32, w, at, LE);
            FloatVector w1 = FloatVector.fromMemorySegment(Lanes.F32, w, at + VECTOR_BYTES, LE);
            FloatVector v = FloatVector.broadcast(Lanes.F32, x[from]);
            a0 = v.fma(w0, a0);
            a1 = v.fma(w1, a1);
            v = FloatVector.broadcast(Lanes.F32, x[from + 1]);
            b0 = v.fma(w0, b0);
            b1 = v.fma(w1, b1);
            v = FloatVector.broadcast(Lanes.F32, x[from + 2]);
            c0 = v.fma(w0, c0);
            c1 = v.fma(w1, c1);
            v = FloatVector.broadcast(Lanes.F32, x[from + 3]);
            d0 = v.fma(w0, d0);
            d1 = v.fma(w1, d1);
        }
        store(a0, a1, y, y0);
        store(b0, b1, y, y0 + ys);
        store(c0, c1, y, y0 + 2 * ys);
        store(d0, d1, y, y0 + 3 * ys);
    }

    private static void six(float[] x, int x0, int xs, MemorySegment w, long at, int n, float[] y, int y0, int ys) {
        FloatVector a0 = FloatVector.zero(Lanes.F32);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        FloatVector e0 = a0;
        FloatVector e1 = a0;
        FloatVector f0 = a0;
        FloatVector f1 = a0;
        for (int c = 0; c < n; c++, at += COLUMN_BYTES) {
            FloatVector w0 = FloatVector.fromMemorySegment(Lanes.F32, w, at, LE);
            FloatVector w1 = FloatVector.fromMemorySegment(Lanes.F32, w, at + VECTOR_BYTES, LE);
            FloatVector v = FloatVector.broadcast(Lanes.F32, x[x0 + c]);
            a0 = v.fma(w0, a0);
            a1 = v.fma(w1, a1);
            v = FloatVector.broadcast(Lanes.F32, x[x0 + xs + c]);
            b0 = v.fma(w0, b0);
            b1 = v.fma(w1, b1);
            v = FloatVector.broadcast(Lanes.F32, x[x0 + 2 * xs + c]);
            c0 = v.fma(w0, c0);
            c1 = v.fma(w1, c1);
            v = FloatVector.broadcast(Lanes.F32, x[x0 + 3 * xs + c]);
            d0 = v.fma(w0, d0);
            d1 = v.fma(w1, d1);
            v = FloatVector.broadcast(Lanes.F32, x[x0 + 4 * xs + c]);
            e0 = v.fma(w0, e0);
            e1 = v.fma(w1, e1);
            v = FloatVector.broadcast(Lanes.F32, x[x0 + 5 * xs + c]);
            f0 = v.fma(w0, f0);
            f1 = v.fma(w1, f1);
        }
        store(a0, a1, y, y0);
        store(b0, b1, y, y0 + ys);
        store(c0, c1, y, y0 + 2 * ys);
        store(d0, d1, y, y0 + 3 * ys);
        store(e0, e1, y, y0 + 4 * ys);
        store(f0, f1, y, y0 + 5 * ys);
    }

    private static void four(float[] x, int x0, int xs, MemorySegment w, long at, int n, float[] y, int y0, int ys) {
        FloatVector a0 = FloatVector.zero(Lanes.F32);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        for (int c = 0; c < n; c++, at += COLUMN_BYTES) {
            FloatVector w0 = FloatVector.fromMemorySegment(Lanes.F32, w, at, LE);
            FloatVector w1 = FloatVector.fromMemorySegment(Lanes.F32, w, at + VECTOR_BYTES, LE);
            FloatVector v = FloatVector.broadcast(Lanes.F32, x[x0 + c]);
            a0 = v.fma(w0, a0);
            a1 = v.fma(w1, a1);
            v = FloatVector.broadcast(Lanes.F32, x[x0 + xs + c]);
            b0 = v.fma(w0, b0);
            b1 = v.fma(w1, b1);
            v = FloatVector.broadcast(Lanes.F32, x[x0 + 2 * xs + c]);
            c0 = v.fma(w0, c0);
            c1 = v.fma(w1, c1);
            v = FloatVector.broadcast(Lanes.F32, x[x0 + 3 * xs + c]);
            d0 = v.fma(w0, d0);
            d1 = v.fma(w1, d1);
        }
        store(a0, a1, y, y0);
        store(b0, b1, y, y0 + ys);
        store(c0, c1, y, y0 + 2 * ys);
        store(d0, d1, y, y0 + 3 * ys);
    }

    private static void two(float[] x, int x0, int xs, MemorySegment w, long at, int n, float[] y, int y0, int ys) {
        FloatVector a0 = FloatVector.zero(Lanes.F32);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        for (int c = 0; c < n; c++, at += COLUMN_BYTES) {
            FloatVector w0 = FloatVector.fromMemorySegment(Lanes.F32, w, at, LE);
            FloatVector w1 = FloatVector.fromMemorySegment(Lanes.F32, w, at + VECTOR_BYTES, LE);
            FloatVector v = FloatVector.broadcast(Lanes.F32, x[x0 + c]);
            a0 = v.fma(w0, a0);
            a1 = v.fma(w1, a1);
            v = FloatVector.broadcast(Lanes.F32, x[x0 + xs + c]);
            b0 = v.fma(w0, b0);
            b1 = v.fma(w1, b1);
        }
        store(a0, a1, y, y0);
        store(b0, b1, y, y0 + ys);
    }

    private static void one(float[] x, int x0, MemorySegment w, long at, int n, float[] y, int y0) {
        FloatVector a0 = FloatVector.zero(Lanes.F32);
        FloatVector a1 = a0;
        for (int c = 0; c < n; c++, at += COLUMN_BYTES) {
            FloatVector v = FloatVector.broadcast(Lanes.F32, x[x0 + c]);
            a0 = v.fma(FloatVector.fromMemorySegment(Lanes.F32, w, at, LE), a0);
            a1 = v.fma(FloatVector.fromMemorySegment(Lanes.F32, w, at + VECTOR_BYTES, LE), a1);
        }
        store(a0, a1, y, y0);
    }

    private static void store(FloatVector low, FloatVector high, float[] y, int at) {
        low.intoArray(y, at);
        high.intoArray(y, at + Lanes.COUNT);
    }
}
