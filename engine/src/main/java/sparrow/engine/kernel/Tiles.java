package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * The register tiles of the matrix product: a few rows of activations times one panel of weights. Each body keeps two
 * vectors per row in registers and reads every column of the panel once. Six rows are the most that sixteen vector
 * registers hold beside two of weights and one of activations.
 */
final class Tiles {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final long VECTOR_BYTES = 4L * Lanes.COUNT;
    private static final long COLUMN_BYTES = 2 * VECTOR_BYTES;

    private Tiles() {}

    /**
     * y[r, 0..PANEL) = sum over c of x[r, c] * panel[c, 0..PANEL) for all rows of x.
     *
     * @param w memory of the panel, from byte {@code at}, [columns, PANEL]
     * @param yOffset where y's first row starts; PANEL values are written at each row
     */
    static void panel(Block x, MemorySegment w, long at, float[] y, int yOffset, int yStride) {
        int n = x.columns();
        int r = 0;
        for (; r + 6 <= x.rows(); r += 6) {
            six(x.data(), x.row(r), x.stride(), w, at, n, y, yOffset + r * yStride, yStride);
        }
        if (r + 4 <= x.rows()) {
            four(x.data(), x.row(r), x.stride(), w, at, n, y, yOffset + r * yStride, yStride);
            r += 4;
        }
        if (r + 2 <= x.rows()) {
            two(x.data(), x.row(r), x.stride(), w, at, n, y, yOffset + r * yStride, yStride);
            r += 2;
        }
        if (r < x.rows()) one(x.data(), x.row(r), w, at, n, y, yOffset + r * yStride);
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

    /** Two rows, two columns a turn: eight sums in flight hide the latency of the multiply-add. */
    private static void two(float[] x, int x0, int xs, MemorySegment w, long at, int n, float[] y, int y0, int ys) {
        FloatVector a0 = FloatVector.zero(Lanes.F32);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        int c = 0;
        for (; c + 1 < n; c += 2, at += 2 * COLUMN_BYTES) {
            FloatVector w0 = FloatVector.fromMemorySegment(Lanes.F32, w, at, LE);
            FloatVector w1 = FloatVector.fromMemorySegment(Lanes.F32, w, at + VECTOR_BYTES, LE);
            FloatVector v = FloatVector.broadcast(Lanes.F32, x[x0 + c]);
            a0 = v.fma(w0, a0);
            a1 = v.fma(w1, a1);
            v = FloatVector.broadcast(Lanes.F32, x[x0 + xs + c]);
            b0 = v.fma(w0, b0);
            b1 = v.fma(w1, b1);
            w0 = FloatVector.fromMemorySegment(Lanes.F32, w, at + COLUMN_BYTES, LE);
            w1 = FloatVector.fromMemorySegment(Lanes.F32, w, at + COLUMN_BYTES + VECTOR_BYTES, LE);
            v = FloatVector.broadcast(Lanes.F32, x[x0 + c + 1]);
            c0 = v.fma(w0, c0);
            c1 = v.fma(w1, c1);
            v = FloatVector.broadcast(Lanes.F32, x[x0 + xs + c + 1]);
            d0 = v.fma(w0, d0);
            d1 = v.fma(w1, d1);
        }
        if (c < n) {
            FloatVector w0 = FloatVector.fromMemorySegment(Lanes.F32, w, at, LE);
            FloatVector w1 = FloatVector.fromMemorySegment(Lanes.F32, w, at + VECTOR_BYTES, LE);
            FloatVector v = FloatVector.broadcast(Lanes.F32, x[x0 + c]);
            a0 = v.fma(w0, a0);
            a1 = v.fma(w1, a1);
            v = FloatVector.broadcast(Lanes.F32, x[x0 + xs + c]);
            b0 = v.fma(w0, b0);
            b1 = v.fma(w1, b1);
        }
        store(a0.add(c0), a1.add(c1), y, y0);
        store(b0.add(d0), b1.add(d1), y, y0 + ys);
    }

    /** One row, four columns a turn, for the same reason. */
    private static void one(float[] x, int x0, MemorySegment w, long at, int n, float[] y, int y0) {
        FloatVector a0 = FloatVector.zero(Lanes.F32);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        int c = 0;
        for (; c + 3 < n; c += 4, at += 4 * COLUMN_BYTES) {
            FloatVector v = FloatVector.broadcast(Lanes.F32, x[x0 + c]);
            a0 = v.fma(FloatVector.fromMemorySegment(Lanes.F32, w, at, LE), a0);
            a1 = v.fma(FloatVector.fromMemorySegment(Lanes.F32, w, at + VECTOR_BYTES, LE), a1);
            v = FloatVector.broadcast(Lanes.F32, x[x0 + c + 1]);
            b0 = v.fma(FloatVector.fromMemorySegment(Lanes.F32, w, at + COLUMN_BYTES, LE), b0);
            b1 = v.fma(FloatVector.fromMemorySegment(Lanes.F32, w, at + COLUMN_BYTES + VECTOR_BYTES, LE), b1);
            v = FloatVector.broadcast(Lanes.F32, x[x0 + c + 2]);
            c0 = v.fma(FloatVector.fromMemorySegment(Lanes.F32, w, at + 2 * COLUMN_BYTES, LE), c0);
            c1 = v.fma(FloatVector.fromMemorySegment(Lanes.F32, w, at + 2 * COLUMN_BYTES + VECTOR_BYTES, LE), c1);
            v = FloatVector.broadcast(Lanes.F32, x[x0 + c + 3]);
            d0 = v.fma(FloatVector.fromMemorySegment(Lanes.F32, w, at + 3 * COLUMN_BYTES, LE), d0);
            d1 = v.fma(FloatVector.fromMemorySegment(Lanes.F32, w, at + 3 * COLUMN_BYTES + VECTOR_BYTES, LE), d1);
        }
        for (; c < n; c++, at += COLUMN_BYTES) {
            FloatVector v = FloatVector.broadcast(Lanes.F32, x[x0 + c]);
            a0 = v.fma(FloatVector.fromMemorySegment(Lanes.F32, w, at, LE), a0);
            a1 = v.fma(FloatVector.fromMemorySegment(Lanes.F32, w, at + VECTOR_BYTES, LE), a1);
        }
        store(a0.add(b0).add(c0.add(d0)), a1.add(b1).add(c1.add(d1)), y, y0);
    }

    private static void store(FloatVector low, FloatVector high, float[] y, int at) {
        low.intoArray(y, at);
        high.intoArray(y, at + Lanes.COUNT);
    }
}
