package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** q8_0: a 32-bit word holds four columns of a row in their order; products by {@link Q8Dots}. */
final class Q8Kernel implements BlockKernel {
    static final Q8Kernel INSTANCE = new Q8Kernel();

    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LE);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LE);

    /** Bytes of one block of a group. */
    private static final long BLOCK = 34L * Lanes.COUNT;

    private Q8Kernel() {}

    @Override
    public boolean quantisesInputs() {
        return false;
    }

    @Override
    public void pack(MemorySegment from, long start, QuantisedWeight to, int group, int lane) {
        for (int block = 0; block < to.blocks(); block++, start += 34) {
            long at = to.at(group, block);
            to.data().set(I16, at + 2L * lane, from.get(I16, start));
            for (int word = 0; word < 8; word++) {
                to.data()
                        .set(
                                I32,
                                at + QuantisedPacking.SCALES + word * QuantisedPacking.WORD + 4L * lane,
                                from.get(I32, start + 2 + 4L * word));
            }
        }
    }

    @Override
    public void unpack(MemorySegment w, long at, int blocks, MemorySegment panel, long to) {
        for (int block = 0; block < blocks; block++, at += BLOCK, to += 32 * 2 * QuantisedPacking.WORD) {
            unpackBlock(w, at, panel, to);
        }
    }

    private static void unpackBlock(MemorySegment w, long at, MemorySegment panel, long to) {
        FloatVector scale = QuantisedPacking.scales(w, at);
        for (int word = 0; word < 8; word++) {
            IntVector v = IntVector.fromMemorySegment(
                    Lanes.I32, w, at + QuantisedPacking.SCALES + word * QuantisedPacking.WORD, LE);
            for (int shift = 24; shift >= 0; shift -= 8, to += 2 * QuantisedPacking.WORD) {
                IntVector q = v.lanewise(VectorOperators.LSHL, shift).lanewise(VectorOperators.ASHR, 24);
                ((FloatVector) q.convert(VectorOperators.I2F, 0)).mul(scale).intoMemorySegment(panel, to, LE);
            }
        }
    }

    @Override
    public void add(MemorySegment w, long at, int blocks, RunInputs x, float[] y, int to) {
        Q8Dots.add(w, at, blocks, x.columns(), y, to);
    }
}
