package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Multiplies q4_0 weights by quantised activations in 16-bit arithmetic. A 16-bit lane contains four columns of one
 * matrix row, s = n0 + 16 n1 + 256 n2 + 4096 n3. A row has two adjacent lanes, which in word k of a block contain
 * columns 4k to 4k + 3 and columns 16 + 4k to 19 + 4k.
 *
 * <p>The nibbles are not isolated. With the logical shifts t1 = s >>> 4, t2 = s >>> 8, t3 = s >>> 12, the following
 * equation holds over the integers and therefore modulo 2^16:
 *
 * <pre>n0 x0 + n1 x1 + n2 x2 + n3 x3 = s x0 + t1 (x1 - 16 x0) + t2 (x2 - 16 x1) + t3 (x3 - 16 x2)</pre>
 *
 * The code shifts 32-bit words because, on x86-64, the JIT encodes a constant shift count in the instruction for 32-bit
 * lanes, but not for 16-bit lanes, whose shifts are therefore slower on some processors. Bits of the upper lane then
 * enter the lower lane. The factors of the upper lane subtract the contribution of these bits, so only the sum of both
 * lanes is correct. Its magnitude is at most 32 * 8 * 127, which fits in 16 bits. {@link Q4Kernel.Inputs} prepares the
 * factors and the bias that subtracts the offset of 8.
 *
 * <p>The code has this form for four reasons. First, the JIT inlines the Vector API's methods into a method body of any
 * length, but does not inline other methods into a long body. A vector that is passed to a method that is not inlined
 * must be stored in memory. The loops are therefore written out. Second, in long straight-line code, the JIT moves all
 * loads to the beginning, runs out of registers, and takes seconds to compile. The words of a block and the nibbles of
 * a word are therefore processed in loops. Third, one memory stream does not keep a core busy, and each loaded factor
 * can be used for several groups. Each pass therefore processes four groups. Fourth, floats are broadcast directly from
 * memory, but ints only through a general register. Factors are therefore stored as the bits of floats.
 *
 * <p>In variable names, a to d denote the four streams, and 0 to 2 denote rows of activations.
 */
final class Q4Dots {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final int UPPER = 0xffff0000;

    private Q4Dots() {}

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
            Q4Kernel.Inputs x,
            int first,
            int rows,
            float[] y,
            int to) {
        // The sums are in the upper half of a word.
        float low = unit * 0x1p-16f;
        for (int group = 0; group < streams.groups(); group++, to += QuantisedWeight.SIDE * rows * Lanes.COUNT) {
            switch (rows) {
                case 1 -> one(w, streams, group, low, x, first, y, to);
                case 2 -> two(w, streams, group, low, x, first, y, to);
                default -> three(w, streams, group, low, x, first, y, to);
            }
        }
    }

    private static void one(
            MemorySegment w,
            QuantisedWeight.Streams streams,
            int group,
            float unit,
            Q4Kernel.Inputs x,
            int first,
            float[] y,
            int to) {
        float[] words = x.words();
        float[] bias = x.bias();
        float[] scales = x.scales();
        long wordStep = streams.wordStep();
        long scaleStep = streams.scaleStep();
        long wordAt = streams.words(group);
        long scaleAt = streams.scales(group);
        FloatVector a0 = FloatVector.fromArray(Lanes.F32, y, to);
        FloatVector b0 = FloatVector.fromArray(Lanes.F32, y, to + Lanes.COUNT);
        FloatVector c0 = FloatVector.fromArray(Lanes.F32, y, to + 2 * Lanes.COUNT);
        FloatVector d0 = FloatVector.fromArray(Lanes.F32, y, to + 3 * Lanes.COUNT);
        for (int i = first; i < first + streams.blocks(); i++) {
            ShortVector as0 = FloatVector.broadcast(Lanes.F32, bias[i]).reinterpretAsShorts();
            ShortVector bs0 = as0;
            ShortVector cs0 = as0;
            ShortVector ds0 = as0;
            for (int k = 0; k < 4; k++, wordAt += QuantisedPacking.WORD) {
                IntVector aw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt, LE);
                IntVector bw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + wordStep, LE);
                IntVector cw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + 2 * wordStep, LE);
                IntVector dw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + 3 * wordStep, LE);
                for (int n = 16 * i + 4 * k, end = n + 4; n < end; n++) {
                    ShortVector f0 = FloatVector.broadcast(Lanes.F32, words[n]).reinterpretAsShorts();
                    as0 = aw.reinterpretAsShorts().mul(f0).add(as0);
                    bs0 = bw.reinterpretAsShorts().mul(f0).add(bs0);
                    cs0 = cw.reinterpretAsShorts().mul(f0).add(cs0);
                    ds0 = dw.reinterpretAsShorts().mul(f0).add(ds0);
                    aw = aw.lanewise(VectorOperators.LSHR, 4);
                    bw = bw.lanewise(VectorOperators.LSHR, 4);
                    cw = cw.lanewise(VectorOperators.LSHR, 4);
                    dw = dw.lanewise(VectorOperators.LSHR, 4);
                }
            }
            ShortVector halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt, LE);
            IntVector bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector au = bits.reinterpretAsFloats().mul(unit);
            IntVector ai0 = as0.reinterpretAsInts();
            ai0 = ai0.lanewise(VectorOperators.LSHL, 16).add(ai0).and(UPPER);
            a0 = ((FloatVector) ai0.convert(VectorOperators.I2F, 0)).fma(au.mul(scales[i]), a0);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector bu = bits.reinterpretAsFloats().mul(unit);
            IntVector bi0 = bs0.reinterpretAsInts();
            bi0 = bi0.lanewise(VectorOperators.LSHL, 16).add(bi0).and(UPPER);
            b0 = ((FloatVector) bi0.convert(VectorOperators.I2F, 0)).fma(bu.mul(scales[i]), b0);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + 2 * scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector cu = bits.reinterpretAsFloats().mul(unit);
            IntVector ci0 = cs0.reinterpretAsInts();
            ci0 = ci0.lanewise(VectorOperators.LSHL, 16).add(ci0).and(UPPER);
            c0 = ((FloatVector) ci0.convert(VectorOperators.I2F, 0)).fma(cu.mul(scales[i]), c0);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + 3 * scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector du = bits.reinterpretAsFloats().mul(unit);
            IntVector di0 = ds0.reinterpretAsInts();
            di0 = di0.lanewise(VectorOperators.LSHL, 16).add(di0).and(UPPER);
            d0 = ((FloatVector) di0.convert(VectorOperators.I2F, 0)).fma(du.mul(scales[i]), d0);
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
            Q4Kernel.Inputs x,
            int first,
            float[] y,
            int to) {
        float[] words = x.words();
        float[] bias = x.bias();
        float[] scales = x.scales();
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
            ShortVector as0 = FloatVector.broadcast(Lanes.F32, bias[i]).reinterpretAsShorts();
            ShortVector bs0 = as0;
            ShortVector cs0 = as0;
            ShortVector ds0 = as0;
            ShortVector as1 = FloatVector.broadcast(Lanes.F32, bias[i + row]).reinterpretAsShorts();
            ShortVector bs1 = as1;
            ShortVector cs1 = as1;
            ShortVector ds1 = as1;
            for (int k = 0; k < 4; k++, wordAt += QuantisedPacking.WORD) {
                IntVector aw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt, LE);
                IntVector bw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + wordStep, LE);
                IntVector cw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + 2 * wordStep, LE);
                IntVector dw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + 3 * wordStep, LE);
                for (int n = 16 * i + 4 * k, end = n + 4; n < end; n++) {
                    ShortVector f0 = FloatVector.broadcast(Lanes.F32, words[n]).reinterpretAsShorts();
                    as0 = aw.reinterpretAsShorts().mul(f0).add(as0);
                    bs0 = bw.reinterpretAsShorts().mul(f0).add(bs0);
                    cs0 = cw.reinterpretAsShorts().mul(f0).add(cs0);
                    ds0 = dw.reinterpretAsShorts().mul(f0).add(ds0);
                    ShortVector f1 = FloatVector.broadcast(Lanes.F32, words[n + 16 * row])
                            .reinterpretAsShorts();
                    as1 = aw.reinterpretAsShorts().mul(f1).add(as1);
                    bs1 = bw.reinterpretAsShorts().mul(f1).add(bs1);
                    cs1 = cw.reinterpretAsShorts().mul(f1).add(cs1);
                    ds1 = dw.reinterpretAsShorts().mul(f1).add(ds1);
                    aw = aw.lanewise(VectorOperators.LSHR, 4);
                    bw = bw.lanewise(VectorOperators.LSHR, 4);
                    cw = cw.lanewise(VectorOperators.LSHR, 4);
                    dw = dw.lanewise(VectorOperators.LSHR, 4);
                }
            }
            ShortVector halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt, LE);
            IntVector bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector au = bits.reinterpretAsFloats().mul(unit);
            IntVector ai0 = as0.reinterpretAsInts();
            ai0 = ai0.lanewise(VectorOperators.LSHL, 16).add(ai0).and(UPPER);
            a0 = ((FloatVector) ai0.convert(VectorOperators.I2F, 0)).fma(au.mul(scales[i]), a0);
            IntVector ai1 = as1.reinterpretAsInts();
            ai1 = ai1.lanewise(VectorOperators.LSHL, 16).add(ai1).and(UPPER);
            a1 = ((FloatVector) ai1.convert(VectorOperators.I2F, 0)).fma(au.mul(scales[i + row]), a1);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector bu = bits.reinterpretAsFloats().mul(unit);
            IntVector bi0 = bs0.reinterpretAsInts();
            bi0 = bi0.lanewise(VectorOperators.LSHL, 16).add(bi0).and(UPPER);
            b0 = ((FloatVector) bi0.convert(VectorOperators.I2F, 0)).fma(bu.mul(scales[i]), b0);
            IntVector bi1 = bs1.reinterpretAsInts();
            bi1 = bi1.lanewise(VectorOperators.LSHL, 16).add(bi1).and(UPPER);
            b1 = ((FloatVector) bi1.convert(VectorOperators.I2F, 0)).fma(bu.mul(scales[i + row]), b1);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + 2 * scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector cu = bits.reinterpretAsFloats().mul(unit);
            IntVector ci0 = cs0.reinterpretAsInts();
            ci0 = ci0.lanewise(VectorOperators.LSHL, 16).add(ci0).and(UPPER);
            c0 = ((FloatVector) ci0.convert(VectorOperators.I2F, 0)).fma(cu.mul(scales[i]), c0);
            IntVector ci1 = cs1.reinterpretAsInts();
            ci1 = ci1.lanewise(VectorOperators.LSHL, 16).add(ci1).and(UPPER);
            c1 = ((FloatVector) ci1.convert(VectorOperators.I2F, 0)).fma(cu.mul(scales[i + row]), c1);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + 3 * scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector du = bits.reinterpretAsFloats().mul(unit);
            IntVector di0 = ds0.reinterpretAsInts();
            di0 = di0.lanewise(VectorOperators.LSHL, 16).add(di0).and(UPPER);
            d0 = ((FloatVector) di0.convert(VectorOperators.I2F, 0)).fma(du.mul(scales[i]), d0);
            IntVector di1 = ds1.reinterpretAsInts();
            di1 = di1.lanewise(VectorOperators.LSHL, 16).add(di1).and(UPPER);
            d1 = ((FloatVector) di1.convert(VectorOperators.I2F, 0)).fma(du.mul(scales[i + row]), d1);
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
            Q4Kernel.Inputs x,
            int first,
            float[] y,
            int to) {
        float[] words = x.words();
        float[] bias = x.bias();
        float[] scales = x.scales();
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
            ShortVector as0 = FloatVector.broadcast(Lanes.F32, bias[i]).reinterpretAsShorts();
            ShortVector bs0 = as0;
            ShortVector cs0 = as0;
            ShortVector ds0 = as0;
            ShortVector as1 = FloatVector.broadcast(Lanes.F32, bias[i + row]).reinterpretAsShorts();
            ShortVector bs1 = as1;
            ShortVector cs1 = as1;
            ShortVector ds1 = as1;
            ShortVector as2 =
                    FloatVector.broadcast(Lanes.F32, bias[i + 2 * row]).reinterpretAsShorts();
            ShortVector bs2 = as2;
            ShortVector cs2 = as2;
            ShortVector ds2 = as2;
            for (int k = 0; k < 4; k++, wordAt += QuantisedPacking.WORD) {
                IntVector aw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt, LE);
                IntVector bw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + wordStep, LE);
                IntVector cw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + 2 * wordStep, LE);
                IntVector dw = IntVector.fromMemorySegment(Lanes.I32, w, wordAt + 3 * wordStep, LE);
                for (int n = 16 * i + 4 * k, end = n + 4; n < end; n++) {
                    ShortVector f0 = FloatVector.broadcast(Lanes.F32, words[n]).reinterpretAsShorts();
                    as0 = aw.reinterpretAsShorts().mul(f0).add(as0);
                    bs0 = bw.reinterpretAsShorts().mul(f0).add(bs0);
                    cs0 = cw.reinterpretAsShorts().mul(f0).add(cs0);
                    ds0 = dw.reinterpretAsShorts().mul(f0).add(ds0);
                    ShortVector f1 = FloatVector.broadcast(Lanes.F32, words[n + 16 * row])
                            .reinterpretAsShorts();
                    as1 = aw.reinterpretAsShorts().mul(f1).add(as1);
                    bs1 = bw.reinterpretAsShorts().mul(f1).add(bs1);
                    cs1 = cw.reinterpretAsShorts().mul(f1).add(cs1);
                    ds1 = dw.reinterpretAsShorts().mul(f1).add(ds1);
                    ShortVector f2 = FloatVector.broadcast(Lanes.F32, words[n + 32 * row])
                            .reinterpretAsShorts();
                    as2 = aw.reinterpretAsShorts().mul(f2).add(as2);
                    bs2 = bw.reinterpretAsShorts().mul(f2).add(bs2);
                    cs2 = cw.reinterpretAsShorts().mul(f2).add(cs2);
                    ds2 = dw.reinterpretAsShorts().mul(f2).add(ds2);
                    aw = aw.lanewise(VectorOperators.LSHR, 4);
                    bw = bw.lanewise(VectorOperators.LSHR, 4);
                    cw = cw.lanewise(VectorOperators.LSHR, 4);
                    dw = dw.lanewise(VectorOperators.LSHR, 4);
                }
            }
            ShortVector halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt, LE);
            IntVector bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector au = bits.reinterpretAsFloats().mul(unit);
            IntVector ai0 = as0.reinterpretAsInts();
            ai0 = ai0.lanewise(VectorOperators.LSHL, 16).add(ai0).and(UPPER);
            a0 = ((FloatVector) ai0.convert(VectorOperators.I2F, 0)).fma(au.mul(scales[i]), a0);
            IntVector ai1 = as1.reinterpretAsInts();
            ai1 = ai1.lanewise(VectorOperators.LSHL, 16).add(ai1).and(UPPER);
            a1 = ((FloatVector) ai1.convert(VectorOperators.I2F, 0)).fma(au.mul(scales[i + row]), a1);
            IntVector ai2 = as2.reinterpretAsInts();
            ai2 = ai2.lanewise(VectorOperators.LSHL, 16).add(ai2).and(UPPER);
            a2 = ((FloatVector) ai2.convert(VectorOperators.I2F, 0)).fma(au.mul(scales[i + 2 * row]), a2);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector bu = bits.reinterpretAsFloats().mul(unit);
            IntVector bi0 = bs0.reinterpretAsInts();
            bi0 = bi0.lanewise(VectorOperators.LSHL, 16).add(bi0).and(UPPER);
            b0 = ((FloatVector) bi0.convert(VectorOperators.I2F, 0)).fma(bu.mul(scales[i]), b0);
            IntVector bi1 = bs1.reinterpretAsInts();
            bi1 = bi1.lanewise(VectorOperators.LSHL, 16).add(bi1).and(UPPER);
            b1 = ((FloatVector) bi1.convert(VectorOperators.I2F, 0)).fma(bu.mul(scales[i + row]), b1);
            IntVector bi2 = bs2.reinterpretAsInts();
            bi2 = bi2.lanewise(VectorOperators.LSHL, 16).add(bi2).and(UPPER);
            b2 = ((FloatVector) bi2.convert(VectorOperators.I2F, 0)).fma(bu.mul(scales[i + 2 * row]), b2);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + 2 * scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector cu = bits.reinterpretAsFloats().mul(unit);
            IntVector ci0 = cs0.reinterpretAsInts();
            ci0 = ci0.lanewise(VectorOperators.LSHL, 16).add(ci0).and(UPPER);
            c0 = ((FloatVector) ci0.convert(VectorOperators.I2F, 0)).fma(cu.mul(scales[i]), c0);
            IntVector ci1 = cs1.reinterpretAsInts();
            ci1 = ci1.lanewise(VectorOperators.LSHL, 16).add(ci1).and(UPPER);
            c1 = ((FloatVector) ci1.convert(VectorOperators.I2F, 0)).fma(cu.mul(scales[i + row]), c1);
            IntVector ci2 = cs2.reinterpretAsInts();
            ci2 = ci2.lanewise(VectorOperators.LSHL, 16).add(ci2).and(UPPER);
            c2 = ((FloatVector) ci2.convert(VectorOperators.I2F, 0)).fma(cu.mul(scales[i + 2 * row]), c2);
            halves = ShortVector.fromMemorySegment(Lanes.HALF, w, scaleAt + 3 * scaleStep, LE);
            bits = (IntVector) halves.convertShape(VectorOperators.S2I, Lanes.I32, 0);
            bits = bits.lanewise(VectorOperators.LSHL, 13).and(Lanes.F16_BITS);
            FloatVector du = bits.reinterpretAsFloats().mul(unit);
            IntVector di0 = ds0.reinterpretAsInts();
            di0 = di0.lanewise(VectorOperators.LSHL, 16).add(di0).and(UPPER);
            d0 = ((FloatVector) di0.convert(VectorOperators.I2F, 0)).fma(du.mul(scales[i]), d0);
            IntVector di1 = ds1.reinterpretAsInts();
            di1 = di1.lanewise(VectorOperators.LSHL, 16).add(di1).and(UPPER);
            d1 = ((FloatVector) di1.convert(VectorOperators.I2F, 0)).fma(du.mul(scales[i + row]), d1);
            IntVector di2 = ds2.reinterpretAsInts();
            di2 = di2.lanewise(VectorOperators.LSHL, 16).add(di2).and(UPPER);
            d2 = ((FloatVector) di2.convert(VectorOperators.I2F, 0)).fma(du.mul(scales[i + 2 * row]), d2);
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
