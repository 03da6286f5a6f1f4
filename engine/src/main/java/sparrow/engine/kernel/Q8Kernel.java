package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * q8_0: a 32-bit word holds four columns of a row in their order, the first three with 128 added, so that these bytes have
 * no sign; products by {@link Q8Dots}.
 */
final class Q8Kernel implements BlockKernel {
    static final Q8Kernel INSTANCE = new Q8Kernel();

    /** Adds 128 to the bytes of the first three columns. */
    private static final int UNSIGNED = 0x00808080;

    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LE);

    private Q8Kernel() {}

    @Override
    public BlockInputs inputs() {
        return new Q8Inputs();
    }

    @Override
    public void pack(MemorySegment from, long at, MemorySegment data, long to) {
        for (int word = 0; word < 8; word++) {
            data.set(I32, to + word * QuantisedPacking.WORD, from.get(I32, at + 2 + 4L * word) ^ UNSIGNED);
        }
    }

    @Override
    public void unpack(MemorySegment data, long scales, long words, float unit, MemorySegment panel, long to) {
        FloatVector scale = QuantisedPacking.scales(data, scales, unit);
        for (int word = 0; word < 8; word++, words += QuantisedPacking.WORD) {
            IntVector v =
                    IntVector.fromMemorySegment(Lanes.I32, data, words, LE).lanewise(VectorOperators.XOR, UNSIGNED);
            for (int shift = 24; shift >= 0; shift -= 8, to += QuantisedPacking.COLUMN) {
                IntVector q = v.lanewise(VectorOperators.LSHL, shift).lanewise(VectorOperators.ASHR, 24);
                ((FloatVector) q.convert(VectorOperators.I2F, 0)).mul(scale).intoMemorySegment(panel, to, LE);
            }
        }
    }
}
