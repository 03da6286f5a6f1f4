package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Multiplies q8_0 weights by f32 activations. A 32-bit word contains four columns of one matrix row with one byte each,
 * and 128 is added to the first three, so v = u0 + 2^8 u1 + 2^16 u2 + 2^24 q3 with u = q + 128. Nothing is shifted:
 * three bytes are masked in place, the complete word replaces the fourth byte, and
 *
 * <pre>q0 x0 + q1 x1 + q2 x2 + q3 x3 = u0 (x0 - y3) + 2^8 u1 (2^-8 x1 - y3) + 2^16 u2 (2^-16 x2 - y3) + v y3
 *     - 128 (x0 + x1 + x2),   y3 = 2^-24 x3</pre>
 *
 * {@link Q8Kernel.Inputs} prepares these factors and uses the last line as the initial value of a block's sum.
 * Converting the word to f32 rounds it by at most 2^-17 of a step of q3. For the reasons given in {@link Q4Dots}, each
 * pass processes four groups and the loops are written out. Variable names are the same as in {@code Q4Dots}.
 */
final class Q8Dots {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    private Q8Dots() {}

    /**
     * Multiplies a run of blocks by up to three rows of activations and adds the products to the outputs.
     *
     * @param unit factor of the scales; see {@link Lanes#f16}
     * @param first index of the run's first block of the first row in the inputs
     * @param rows number of rows of activations, 1 to 3
     * @param y outputs, [groups, SIDE, rows, COUNT], starting at {@code to}
     */
    static void add(
            MemorySegment w,
            QuantisedWeight.Streams streams,
            float unit,
            Q8Kernel.Inputs x,
            int first,
            int rows,
            float[] y,
            int to) {
        for (int group = 0; group < streams.groups(); group++, to += QuantisedWeight.SIDE * rows * Lanes.COUNT) {
            switch (rows) {
                case 1 -> one(w, streams, group, unit, x, first, y, to);
                case 2 -> two(w, streams, group, unit, x, first, y, to);
                default -> three(w, streams, group, unit, x, first, y, to);
            }
        }
    }

    private static void one(
            MemorySegment w,
            QuantisedWeight.Streams streams,
            int group,
            float unit,
            Q8Kernel.Inputs x,
            int first,
            float[] y,
            int to) {
        float[] factors = x.factors();
        float[] starts = x.starts();
        long wordStep = streams.wordStep();
        long scaleStep = streams.scaleStep();
        long wordAt = streams.words(group);
        long scaleAt = streams.scales(group);
        FloatVector a0 = FloatVector.fromArray(Lanes.F32, y, to);
        FloatVector b0 = FloatVector.fromArray(Lanes.F32, y, to + Lanes.COUNT);
        FloatVector c0 = FloatVector.fromArray(Lanes.F32, y, to + 2 * Lanes.COUNT);
        FloatVector d0 = FloatVector.fromArray(Lanes.F32, y, to + 3 * Lanes.COUNT);
        for (int i = first; i < first + streams.blocks(); i++) {
            FloatVector as0 = FloatVector.broadcast(Lanes.F32, starts[i]);
            FloatVector bs0 = as0;
            FloatVector cs0 = as0;
            FloatVector ds0 = as0;
            for (int k = 0; k < 8; k++, wordAt += QuantisedPacking.WORD) {
                int n = 32 * i + 4 * k;
                IntVector aw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt, LE);
                IntVector bw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + wordStep, LE);
                IntVector cw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + 2 * wordStep, LE);
                IntVector dw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + 3 * wordStep, LE);
                FloatVector f0 = FloatVector.broadcast(Lanes.F32, factors[n]);
                as0 = ((FloatVector) aw.and(0xff).convert(VectorOperators.I2F, 0)).fma(f0, as0);
                bs0 = ((FloatVector) bw.and(0xff).convert(VectorOperators.I2F, 0)).fma(f0, bs0);
                cs0 = ((FloatVector) cw.and(0xff).convert(VectorOperators.I2F, 0)).fma(f0, cs0);
                ds0 = ((FloatVector) dw.and(0xff).convert(VectorOperators.I2F, 0)).fma(f0, ds0);
                f0 = FloatVector.broadcast(Lanes.F32, factors[n + 1]);
                as0 = ((FloatVector) aw.and(0xff00).convert(VectorOperators.I2F, 0)).fma(f0, as0);
                bs0 = ((FloatVector) bw.and(0xff00).convert(VectorOperators.I2F, 0)).fma(f0, bs0);
                cs0 = ((FloatVector) cw.and(0xff00).convert(VectorOperators.I2F, 0)).fma(f0, cs0);
                ds0 = ((FloatVector) dw.and(0xff00).convert(VectorOperators.I2F, 0)).fma(f0, ds0);
                f0 = FloatVector.broadcast(Lanes.F32, factors[n + 2]);
                as0 = ((FloatVector) aw.and(0xff0000).convert(VectorOperators.I2F, 0)).fma(f0, as0);
                bs0 = ((FloatVector) bw.and(0xff0000).convert(VectorOperators.I2F, 0)).fma(f0, bs0);
                cs0 = ((FloatVector) cw.and(0xff0000).convert(VectorOperators.I2F, 0)).fma(f0, cs0);
                ds0 = ((FloatVector) dw.and(0xff0000).convert(VectorOperators.I2F, 0)).fma(f0, ds0);
                f0 = FloatVector.broadcast(Lanes.F32, factors[n + 3]);
                as0 = ((FloatVector) aw.convert(VectorOperators.I2F, 0)).fma(f0, as0);
                bs0 = ((FloatVector) bw.convert(VectorOperators.I2F, 0)).fma(f0, bs0);
                cs0 = ((FloatVector) cw.convert(VectorOperators.I2F, 0)).fma(f0, cs0);
                ds0 = ((FloatVector) dw.convert(VectorOperators.I2F, 0)).fma(f0, ds0);
            }
            ShortVector halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt, LE);
            IntVector bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector au = bits.reinterpretAsFloats().mul(unit);
            a0 = as0.fma(au, a0);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector bu = bits.reinterpretAsFloats().mul(unit);
            b0 = bs0.fma(bu, b0);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + 2 * scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector cu = bits.reinterpretAsFloats().mul(unit);
            c0 = cs0.fma(cu, c0);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + 3 * scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector du = bits.reinterpretAsFloats().mul(unit);
            d0 = ds0.fma(du, d0);
            scaleAt += 2L * Lanes.COUNT;
        }
        a0.intoArray(y, to);
        b0.intoArray(y, to + Lanes.COUNT);
        c0.intoArray(y, to + 2 * Lanes.COUNT);
        d0.intoArray(y, to + 3 * Lanes.COUNT);
    }

    private static void two(
            MemorySegment w,
            QuantisedWeight.Streams streams,
            int group,
            float unit,
            Q8Kernel.Inputs x,
            int first,
            float[] y,
            int to) {
        float[] factors = x.factors();
        float[] starts = x.starts();
        int row = x.blocks();
        long wordStep = streams.wordStep();
        long scaleStep = streams.scaleStep();
        long wordAt = streams.words(group);
        long scaleAt = streams.scales(group);
        FloatVector a0 = FloatVector.fromArray(Lanes.F32, y, to);
        FloatVector a1 = FloatVector.fromArray(Lanes.F32, y, to + Lanes.COUNT);
        FloatVector b0 = FloatVector.fromArray(Lanes.F32, y, to + 2 * Lanes.COUNT);
        FloatVector b1 = FloatVector.fromArray(Lanes.F32, y, to + 3 * Lanes.COUNT);
        FloatVector c0 = FloatVector.fromArray(Lanes.F32, y, to + 4 * Lanes.COUNT);
        FloatVector c1 = FloatVector.fromArray(Lanes.F32, y, to + 5 * Lanes.COUNT);
        FloatVector d0 = FloatVector.fromArray(Lanes.F32, y, to + 6 * Lanes.COUNT);
        FloatVector d1 = FloatVector.fromArray(Lanes.F32, y, to + 7 * Lanes.COUNT);
        for (int i = first; i < first + streams.blocks(); i++) {
            FloatVector as0 = FloatVector.broadcast(Lanes.F32, starts[i]);
            FloatVector bs0 = as0;
            FloatVector cs0 = as0;
            FloatVector ds0 = as0;
            FloatVector as1 = FloatVector.broadcast(Lanes.F32, starts[i + row]);
            FloatVector bs1 = as1;
            FloatVector cs1 = as1;
            FloatVector ds1 = as1;
            for (int k = 0; k < 8; k++, wordAt += QuantisedPacking.WORD) {
                int n = 32 * i + 4 * k;
                IntVector aw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt, LE);
                IntVector bw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + wordStep, LE);
                IntVector cw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + 2 * wordStep, LE);
                IntVector dw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + 3 * wordStep, LE);
                FloatVector f0 = FloatVector.broadcast(Lanes.F32, factors[n]);
                FloatVector f1 = FloatVector.broadcast(Lanes.F32, factors[n + 32 * row]);
                FloatVector ab = (FloatVector) aw.and(0xff).convert(VectorOperators.I2F, 0);
                as0 = ab.fma(f0, as0);
                as1 = ab.fma(f1, as1);
                FloatVector bb = (FloatVector) bw.and(0xff).convert(VectorOperators.I2F, 0);
                bs0 = bb.fma(f0, bs0);
                bs1 = bb.fma(f1, bs1);
                FloatVector cb = (FloatVector) cw.and(0xff).convert(VectorOperators.I2F, 0);
                cs0 = cb.fma(f0, cs0);
                cs1 = cb.fma(f1, cs1);
                FloatVector db = (FloatVector) dw.and(0xff).convert(VectorOperators.I2F, 0);
                ds0 = db.fma(f0, ds0);
                ds1 = db.fma(f1, ds1);
                f0 = FloatVector.broadcast(Lanes.F32, factors[n + 1]);
                f1 = FloatVector.broadcast(Lanes.F32, factors[n + 1 + 32 * row]);
                ab = (FloatVector) aw.and(0xff00).convert(VectorOperators.I2F, 0);
                as0 = ab.fma(f0, as0);
                as1 = ab.fma(f1, as1);
                bb = (FloatVector) bw.and(0xff00).convert(VectorOperators.I2F, 0);
                bs0 = bb.fma(f0, bs0);
                bs1 = bb.fma(f1, bs1);
                cb = (FloatVector) cw.and(0xff00).convert(VectorOperators.I2F, 0);
                cs0 = cb.fma(f0, cs0);
                cs1 = cb.fma(f1, cs1);
                db = (FloatVector) dw.and(0xff00).convert(VectorOperators.I2F, 0);
                ds0 = db.fma(f0, ds0);
                ds1 = db.fma(f1, ds1);
                f0 = FloatVector.broadcast(Lanes.F32, factors[n + 2]);
                f1 = FloatVector.broadcast(Lanes.F32, factors[n + 2 + 32 * row]);
                ab = (FloatVector) aw.and(0xff0000).convert(VectorOperators.I2F, 0);
                as0 = ab.fma(f0, as0);
                as1 = ab.fma(f1, as1);
                bb = (FloatVector) bw.and(0xff0000).convert(VectorOperators.I2F, 0);
                bs0 = bb.fma(f0, bs0);
                bs1 = bb.fma(f1, bs1);
                cb = (FloatVector) cw.and(0xff0000).convert(VectorOperators.I2F, 0);
                cs0 = cb.fma(f0, cs0);
                cs1 = cb.fma(f1, cs1);
                db = (FloatVector) dw.and(0xff0000).convert(VectorOperators.I2F, 0);
                ds0 = db.fma(f0, ds0);
                ds1 = db.fma(f1, ds1);
                f0 = FloatVector.broadcast(Lanes.F32, factors[n + 3]);
                f1 = FloatVector.broadcast(Lanes.F32, factors[n + 3 + 32 * row]);
                ab = (FloatVector) aw.convert(VectorOperators.I2F, 0);
                as0 = ab.fma(f0, as0);
                as1 = ab.fma(f1, as1);
                bb = (FloatVector) bw.convert(VectorOperators.I2F, 0);
                bs0 = bb.fma(f0, bs0);
                bs1 = bb.fma(f1, bs1);
                cb = (FloatVector) cw.convert(VectorOperators.I2F, 0);
                cs0 = cb.fma(f0, cs0);
                cs1 = cb.fma(f1, cs1);
                db = (FloatVector) dw.convert(VectorOperators.I2F, 0);
                ds0 = db.fma(f0, ds0);
                ds1 = db.fma(f1, ds1);
            }
            ShortVector halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt, LE);
            IntVector bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector au = bits.reinterpretAsFloats().mul(unit);
            a0 = as0.fma(au, a0);
            a1 = as1.fma(au, a1);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector bu = bits.reinterpretAsFloats().mul(unit);
            b0 = bs0.fma(bu, b0);
            b1 = bs1.fma(bu, b1);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + 2 * scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector cu = bits.reinterpretAsFloats().mul(unit);
            c0 = cs0.fma(cu, c0);
            c1 = cs1.fma(cu, c1);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + 3 * scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector du = bits.reinterpretAsFloats().mul(unit);
            d0 = ds0.fma(du, d0);
            d1 = ds1.fma(du, d1);
            scaleAt += 2L * Lanes.COUNT;
        }
        a0.intoArray(y, to);
        a1.intoArray(y, to + Lanes.COUNT);
        b0.intoArray(y, to + 2 * Lanes.COUNT);
        b1.intoArray(y, to + 3 * Lanes.COUNT);
        c0.intoArray(y, to + 4 * Lanes.COUNT);
        c1.intoArray(y, to + 5 * Lanes.COUNT);
        d0.intoArray(y, to + 6 * Lanes.COUNT);
        d1.intoArray(y, to + 7 * Lanes.COUNT);
    }

    private static void three(
            MemorySegment w,
            QuantisedWeight.Streams streams,
            int group,
            float unit,
            Q8Kernel.Inputs x,
            int first,
            float[] y,
            int to) {
        float[] factors = x.factors();
        float[] starts = x.starts();
        int row = x.blocks();
        long wordStep = streams.wordStep();
        long scaleStep = streams.scaleStep();
        long wordAt = streams.words(group);
        long scaleAt = streams.scales(group);
        FloatVector a0 = FloatVector.fromArray(Lanes.F32, y, to);
        FloatVector a1 = FloatVector.fromArray(Lanes.F32, y, to + Lanes.COUNT);
        FloatVector a2 = FloatVector.fromArray(Lanes.F32, y, to + 2 * Lanes.COUNT);
        FloatVector b0 = FloatVector.fromArray(Lanes.F32, y, to + 3 * Lanes.COUNT);
        FloatVector b1 = FloatVector.fromArray(Lanes.F32, y, to + 4 * Lanes.COUNT);
        FloatVector b2 = FloatVector.fromArray(Lanes.F32, y, to + 5 * Lanes.COUNT);
        FloatVector c0 = FloatVector.fromArray(Lanes.F32, y, to + 6 * Lanes.COUNT);
        FloatVector c1 = FloatVector.fromArray(Lanes.F32, y, to + 7 * Lanes.COUNT);
        FloatVector c2 = FloatVector.fromArray(Lanes.F32, y, to + 8 * Lanes.COUNT);
        FloatVector d0 = FloatVector.fromArray(Lanes.F32, y, to + 9 * Lanes.COUNT);
        FloatVector d1 = FloatVector.fromArray(Lanes.F32, y, to + 10 * Lanes.COUNT);
        FloatVector d2 = FloatVector.fromArray(Lanes.F32, y, to + 11 * Lanes.COUNT);
        for (int i = first; i < first + streams.blocks(); i++) {
            FloatVector as0 = FloatVector.broadcast(Lanes.F32, starts[i]);
            FloatVector bs0 = as0;
            FloatVector cs0 = as0;
            FloatVector ds0 = as0;
            FloatVector as1 = FloatVector.broadcast(Lanes.F32, starts[i + row]);
            FloatVector bs1 = as1;
            FloatVector cs1 = as1;
            FloatVector ds1 = as1;
            FloatVector as2 = FloatVector.broadcast(Lanes.F32, starts[i + 2 * row]);
            FloatVector bs2 = as2;
            FloatVector cs2 = as2;
            FloatVector ds2 = as2;
            for (int k = 0; k < 8; k++, wordAt += QuantisedPacking.WORD) {
                int n = 32 * i + 4 * k;
                IntVector aw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt, LE);
                IntVector bw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + wordStep, LE);
                IntVector cw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + 2 * wordStep, LE);
                IntVector dw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + 3 * wordStep, LE);
                FloatVector f0 = FloatVector.broadcast(Lanes.F32, factors[n]);
                FloatVector f1 = FloatVector.broadcast(Lanes.F32, factors[n + 32 * row]);
                FloatVector f2 = FloatVector.broadcast(Lanes.F32, factors[n + 64 * row]);
                FloatVector ab = (FloatVector) aw.and(0xff).convert(VectorOperators.I2F, 0);
                as0 = ab.fma(f0, as0);
                as1 = ab.fma(f1, as1);
                as2 = ab.fma(f2, as2);
                FloatVector bb = (FloatVector) bw.and(0xff).convert(VectorOperators.I2F, 0);
                bs0 = bb.fma(f0, bs0);
                bs1 = bb.fma(f1, bs1);
                bs2 = bb.fma(f2, bs2);
                FloatVector cb = (FloatVector) cw.and(0xff).convert(VectorOperators.I2F, 0);
                cs0 = cb.fma(f0, cs0);
                cs1 = cb.fma(f1, cs1);
                cs2 = cb.fma(f2, cs2);
                FloatVector db = (FloatVector) dw.and(0xff).convert(VectorOperators.I2F, 0);
                ds0 = db.fma(f0, ds0);
                ds1 = db.fma(f1, ds1);
                ds2 = db.fma(f2, ds2);
                f0 = FloatVector.broadcast(Lanes.F32, factors[n + 1]);
                f1 = FloatVector.broadcast(Lanes.F32, factors[n + 1 + 32 * row]);
                f2 = FloatVector.broadcast(Lanes.F32, factors[n + 1 + 64 * row]);
                ab = (FloatVector) aw.and(0xff00).convert(VectorOperators.I2F, 0);
                as0 = ab.fma(f0, as0);
                as1 = ab.fma(f1, as1);
                as2 = ab.fma(f2, as2);
                bb = (FloatVector) bw.and(0xff00).convert(VectorOperators.I2F, 0);
                bs0 = bb.fma(f0, bs0);
                bs1 = bb.fma(f1, bs1);
                bs2 = bb.fma(f2, bs2);
                cb = (FloatVector) cw.and(0xff00).convert(VectorOperators.I2F, 0);
                cs0 = cb.fma(f0, cs0);
                cs1 = cb.fma(f1, cs1);
                cs2 = cb.fma(f2, cs2);
                db = (FloatVector) dw.and(0xff00).convert(VectorOperators.I2F, 0);
                ds0 = db.fma(f0, ds0);
                ds1 = db.fma(f1, ds1);
                ds2 = db.fma(f2, ds2);
                f0 = FloatVector.broadcast(Lanes.F32, factors[n + 2]);
                f1 = FloatVector.broadcast(Lanes.F32, factors[n + 2 + 32 * row]);
                f2 = FloatVector.broadcast(Lanes.F32, factors[n + 2 + 64 * row]);
                ab = (FloatVector) aw.and(0xff0000).convert(VectorOperators.I2F, 0);
                as0 = ab.fma(f0, as0);
                as1 = ab.fma(f1, as1);
                as2 = ab.fma(f2, as2);
                bb = (FloatVector) bw.and(0xff0000).convert(VectorOperators.I2F, 0);
                bs0 = bb.fma(f0, bs0);
                bs1 = bb.fma(f1, bs1);
                bs2 = bb.fma(f2, bs2);
                cb = (FloatVector) cw.and(0xff0000).convert(VectorOperators.I2F, 0);
                cs0 = cb.fma(f0, cs0);
                cs1 = cb.fma(f1, cs1);
                cs2 = cb.fma(f2, cs2);
                db = (FloatVector) dw.and(0xff0000).convert(VectorOperators.I2F, 0);
                ds0 = db.fma(f0, ds0);
                ds1 = db.fma(f1, ds1);
                ds2 = db.fma(f2, ds2);
                f0 = FloatVector.broadcast(Lanes.F32, factors[n + 3]);
                f1 = FloatVector.broadcast(Lanes.F32, factors[n + 3 + 32 * row]);
                f2 = FloatVector.broadcast(Lanes.F32, factors[n + 3 + 64 * row]);
                ab = (FloatVector) aw.convert(VectorOperators.I2F, 0);
                as0 = ab.fma(f0, as0);
                as1 = ab.fma(f1, as1);
                as2 = ab.fma(f2, as2);
                bb = (FloatVector) bw.convert(VectorOperators.I2F, 0);
                bs0 = bb.fma(f0, bs0);
                bs1 = bb.fma(f1, bs1);
                bs2 = bb.fma(f2, bs2);
                cb = (FloatVector) cw.convert(VectorOperators.I2F, 0);
                cs0 = cb.fma(f0, cs0);
                cs1 = cb.fma(f1, cs1);
                cs2 = cb.fma(f2, cs2);
                db = (FloatVector) dw.convert(VectorOperators.I2F, 0);
                ds0 = db.fma(f0, ds0);
                ds1 = db.fma(f1, ds1);
                ds2 = db.fma(f2, ds2);
            }
            ShortVector halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt, LE);
            IntVector bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector au = bits.reinterpretAsFloats().mul(unit);
            a0 = as0.fma(au, a0);
            a1 = as1.fma(au, a1);
            a2 = as2.fma(au, a2);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector bu = bits.reinterpretAsFloats().mul(unit);
            b0 = bs0.fma(bu, b0);
            b1 = bs1.fma(bu, b1);
            b2 = bs2.fma(bu, b2);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + 2 * scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector cu = bits.reinterpretAsFloats().mul(unit);
            c0 = cs0.fma(cu, c0);
            c1 = cs1.fma(cu, c1);
            c2 = cs2.fma(cu, c2);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + 3 * scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector du = bits.reinterpretAsFloats().mul(unit);
            d0 = ds0.fma(du, d0);
            d1 = ds1.fma(du, d1);
            d2 = ds2.fma(du, d2);
            scaleAt += 2L * Lanes.COUNT;
        }
        a0.intoArray(y, to);
        a1.intoArray(y, to + Lanes.COUNT);
        a2.intoArray(y, to + 2 * Lanes.COUNT);
        b0.intoArray(y, to + 3 * Lanes.COUNT);
        b1.intoArray(y, to + 4 * Lanes.COUNT);
        b2.intoArray(y, to + 5 * Lanes.COUNT);
        c0.intoArray(y, to + 6 * Lanes.COUNT);
        c1.intoArray(y, to + 7 * Lanes.COUNT);
        c2.intoArray(y, to + 8 * Lanes.COUNT);
        d0.intoArray(y, to + 9 * Lanes.COUNT);
        d1.intoArray(y, to + 10 * Lanes.COUNT);
        d2.intoArray(y, to + 11 * Lanes.COUNT);
    }
}
