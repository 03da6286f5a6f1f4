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
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LE);

    private Q4Kernel() {}

    @Override
    public BlockInputs inputs() {
        return new Q4Inputs();
    }

    @Override
    public void pack(MemorySegment from, long at, MemorySegment data, long to) {
        for (int word = 0; word < 4; word++) {
            int bytes = from.get(I32, at + 2 + 4L * word);
            data.set(I32, to + word * QuantisedPacking.WORD, nibbles(bytes) | nibbles(bytes >>> 4) << 16);
        }
    }

    /** The low nibbles of four bytes, as sixteen bits. */
    private static int nibbles(int bytes) {
        int low = bytes & 0x0f0f0f0f;
        int pairs = (low | low >>> 4) & 0x00ff00ff;
        return (pairs | pairs >>> 8) & 0xffff;
    }

    @Override
    public void unpack(MemorySegment data, long scales, long words, float unit, MemorySegment panel, long to) {
        FloatVector scale = QuantisedPacking.scales(data, scales, unit);
        for (int word = 0; word < 4; word++, words += QuantisedPacking.WORD, to += 4 * QuantisedPacking.COLUMN) {
            IntVector v = IntVector.fromMemorySegment(Lanes.I32, data, words, LE);
            for (int n = 0; n < 8; n++, v = v.lanewise(VectorOperators.LSHR, 4)) {
                // The upper half of the word holds the columns 16 further on.
                long column = (n & 3) + 4L * (n & 4);
                ((FloatVector) v.and(15).sub(8).convert(VectorOperators.I2F, 0))
                        .mul(scale)
                        .intoMemorySegment(panel, to + column * QuantisedPacking.COLUMN, LE);
            }
        }
    }
}
