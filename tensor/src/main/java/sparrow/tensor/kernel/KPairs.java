package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Unpacks blocks of K-quants to pairs of bf16 numbers; see {@link BlockKernel#unpackPairs}. The words of a group are in
 * the order that {@link KKernel} defines. Of two codes, the second is multiplied at its place in the word by a factor
 * that is smaller by the same power of two. All products are exact, so only the subtraction of the minimum rounds, as
 * in {@link KKernel#unpack}.
 */
final class KPairs {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final long WORD = QuantisedPacking.WORD;

    /** Number of bytes that precede the codes of a block of q4_K or q5_K: two scales and sixteen bytes. */
    private static final long HEAD = 6 * WORD;

    /** Number of bytes that precede the codes of a block of q6_K: a scale and sixteen bytes. */
    private static final long HEAD_Q6 = 5 * WORD;

    private KPairs() {}

    /** Unpacks a block of q4_K: eight groups of four words with eight codes each. */
    static void q4(MemorySegment data, long at, MemorySegment pairs, long to) {
        FloatVector scale = FloatVector.fromMemorySegment(Lanes.F32, data, at, LE);
        FloatVector minimum = FloatVector.fromMemorySegment(Lanes.F32, data, at + WORD, LE);
        long words = at + HEAD;
        for (int group = 0; group < 8; group++) {
            FloatVector first = scale.mul(KKernel.bytes(data, at + 2 * WORD, group));
            FloatVector second = first.mul(0x1p-4f);
            FloatVector less =
                    minimum.mul(KKernel.bytes(data, at + 4 * WORD, group)).neg();
            for (int word = 0; word < 4; word++, words += WORD) {
                IntVector v = IntVector.fromMemorySegment(Lanes.I32, data, words, LE);
                for (int n = 0; n < 4; n++, to += BrainFloats.PAIR) {
                    FloatVector low = (FloatVector) v.and(0xf).convert(VectorOperators.I2F, 0);
                    FloatVector high = (FloatVector) v.and(0xf0).convert(VectorOperators.I2F, 0);
                    IntVector lower = low.fma(first, less).reinterpretAsInts().add(BrainFloats.HALF);
                    IntVector upper = high.fma(second, less).reinterpretAsInts().add(BrainFloats.HALF);
                    lower.lanewise(VectorOperators.LSHR, 16)
                            .or(upper.and(BrainFloats.UPPER))
                            .intoMemorySegment(pairs, to, LE);
                    v = v.lanewise(VectorOperators.LSHR, 8);
                }
            }
        }
    }

    /** Unpacks a block of q5_K: eight groups of five words with six codes and one bit of each of two codes. */
    static void q5(MemorySegment data, long at, MemorySegment pairs, long to) {
        FloatVector scale = FloatVector.fromMemorySegment(Lanes.F32, data, at, LE);
        FloatVector minimum = FloatVector.fromMemorySegment(Lanes.F32, data, at + WORD, LE);
        long words = at + HEAD;
        for (int group = 0; group < 8; group++) {
            FloatVector first = scale.mul(KKernel.bytes(data, at + 2 * WORD, group));
            FloatVector second = first.mul(0x1p-5f);
            FloatVector less =
                    minimum.mul(KKernel.bytes(data, at + 4 * WORD, group)).neg();
            IntVector last = IntVector.zero(Lanes.I32);
            for (int word = 0; word < 6; word++) {
                // The last pair consists of the bits that were collected from the words.
                IntVector v = last;
                if (word < 5) {
                    v = IntVector.fromMemorySegment(Lanes.I32, data, words, LE);
                    words += WORD;
                }
                int count = word < 5 ? 3 : 1;
                for (int n = 0; n < count; n++, to += BrainFloats.PAIR) {
                    FloatVector low = (FloatVector) v.and(0x1f).convert(VectorOperators.I2F, 0);
                    FloatVector high = (FloatVector) v.and(0x3e0).convert(VectorOperators.I2F, 0);
                    IntVector lower = low.fma(first, less).reinterpretAsInts().add(BrainFloats.HALF);
                    IntVector upper = high.fma(second, less).reinterpretAsInts().add(BrainFloats.HALF);
                    lower.lanewise(VectorOperators.LSHR, 16)
                            .or(upper.and(BrainFloats.UPPER))
                            .intoMemorySegment(pairs, to, LE);
                    v = v.lanewise(VectorOperators.LSHR, 10);
                }
                // What remains of a word is one bit of each of the last two codes.
                IntVector bits = v.and(1).or(v.and(2).lanewise(VectorOperators.LSHL, 4));
                last = last.or(bits.lanewise(VectorOperators.LSHL, word));
            }
        }
    }

    /**
     * Unpacks a block of q6_K: sixteen groups of three words with five codes and two bits of the last code. The codes
     * are first moved to four words of four codes.
     */
    static void q6(MemorySegment data, long at, MemorySegment pairs, long to) {
        FloatVector scale = FloatVector.fromMemorySegment(Lanes.F32, data, at, LE);
        long words = at + HEAD_Q6;
        for (int group = 0; group < 16; group++, words += 3 * WORD) {
            FloatVector first = scale.mul(KKernel.bytes(data, at + WORD, group));
            FloatVector second = first.mul(0x1p-6f);
            FloatVector less = first.mul(-KKernel.Inputs.OFFSET);
            IntVector rest = IntVector.zero(Lanes.I32);
            IntVector last = IntVector.zero(Lanes.I32);
            for (int word = 0; word < 4; word++) {
                IntVector v = rest.or(last.lanewise(VectorOperators.LSHL, 18));
                if (word < 3) {
                    IntVector w = IntVector.fromMemorySegment(Lanes.I32, data, words + word * WORD, LE);
                    v = rest.or(w.lanewise(VectorOperators.LSHL, 6 * word));
                    rest = w.lanewise(VectorOperators.LSHR, 24 - 6 * word).and((1 << 6 * word + 6) - 1);
                    last = last.or(w.lanewise(VectorOperators.LSHR, 30).lanewise(VectorOperators.LSHL, 2 * word));
                }
                for (int n = 0; n < 2; n++, to += BrainFloats.PAIR) {
                    FloatVector low = (FloatVector) v.and(0x3f).convert(VectorOperators.I2F, 0);
                    FloatVector high = (FloatVector) v.and(0xfc0).convert(VectorOperators.I2F, 0);
                    IntVector lower = low.fma(first, less).reinterpretAsInts().add(BrainFloats.HALF);
                    IntVector upper = high.fma(second, less).reinterpretAsInts().add(BrainFloats.HALF);
                    lower.lanewise(VectorOperators.LSHR, 16)
                            .or(upper.and(BrainFloats.UPPER))
                            .intoMemorySegment(pairs, to, LE);
                    v = v.lanewise(VectorOperators.LSHR, 12);
                }
            }
        }
    }
}
