package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** q4_0: a 32-bit word holds eight columns of a row, four and the four that lie 16 further on; products by {@link Q4Dots}. */
final class Q4Kernel implements BlockKernel {
    static final Q4Kernel INSTANCE = new Q4Kernel();

    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LE);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LE);

    /** Bytes of one block of a group. */
    private static final long BLOCK = 18L * Lanes.COUNT;

    private Q4Kernel() {}

    @Override
    public boolean quantisesInputs() {
        return true;
    }

    @Override
    public void pack(MemorySegment from, long start, QuantisedWeight to, int group, int lane) {
        for (int block = 0; block < to.blocks(); block++, start += 18) {
            long at = to.at(group, block);
            to.data().set(I16, at + 2L * lane, from.get(I16, start));
            for (int word = 0; word < 4; word++) {
                int bytes = from.get(I32, start + 2 + 4L * word);
                int nibbles = nibbles(bytes) | nibbles(bytes >>> 4) << 16;
                to.data().set(I32, at + QuantisedPacking.SCALES + word * QuantisedPacking.WORD + 4L * lane, nibbles);
            }
        }
    }

    /** The low nibbles of four bytes, as sixteen bits. */
    private static int nibbles(int bytes) {
        int low = bytes & 0x0f0f0f0f;
        int pairs = (low | low >>> 4) & 0x00ff00ff;
        return (pairs | pairs >>> 8) & 0xffff;
    }

    @Override
    public void unpack(MemorySegment w, long at, int blocks, MemorySegment panel, long to) {
        for (int block = 0; block < blocks; block++, at += BLOCK, to += 32 * 2 * QuantisedPacking.WORD) {
            unpackBlock(w, at, panel, to);
        }
    }

    private static void unpackBlock(MemorySegment w, long at, MemorySegment panel, long to) {
        FloatVector scale = QuantisedPacking.scales(w, at);
        for (int word = 0; word < 4; word++, to += 4 * 2 * QuantisedPacking.WORD) {
            IntVector v = IntVector.fromMemorySegment(
                    Lanes.I32, w, at + QuantisedPacking.SCALES + word * QuantisedPacking.WORD, LE);
            for (int nibble = 0; nibble < 8; nibble++) {
                IntVector q =
                        v.lanewise(VectorOperators.LSHR, 4 * nibble).and(15).sub(8);
                // The upper half of the word holds the columns 16 further on.
                long column = (nibble & 3) + 4L * (nibble & 4);
                ((FloatVector) q.convert(VectorOperators.I2F, 0))
                        .mul(scale)
                        .intoMemorySegment(panel, to + column * 2 * QuantisedPacking.WORD, LE);
            }
        }
    }

    @Override
    public void add(MemorySegment w, long at, int blocks, RunInputs x, float[] y, int to) {
        int rows = x.columns().rows();
        Q4Dots.add(w, at, blocks, x.quantised(), x.firstRow(), rows, x.firstBlock(), y, to);
    }
}
