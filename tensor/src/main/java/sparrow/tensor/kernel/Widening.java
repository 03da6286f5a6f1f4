package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Narrow numbers as f32, one after the other; their count is a multiple of {@link Lanes#PANEL}. */
final class Widening {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LE);
    private static final long VECTOR = 4L * Lanes.COUNT;

    /** As many bytes as there are f32 lanes, or twice as many where there are four: no vector is shorter than eight bytes. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, Lanes.F32.vectorBitSize() / 4)));

    private Widening() {}

    /** Finite f16 from byte {@code at} on. */
    static void halves(MemorySegment from, long at, int n, MemorySegment to) {
        for (long i = 0; i < n; i += Lanes.COUNT) {
            ShortVector halves = ShortVector.fromMemorySegment(Lanes.HALF, from, at + 2 * i, LE);
            Lanes.f16(halves, Lanes.F16_REBIAS).intoMemorySegment(to, 4 * i, LE);
        }
    }

    /** Signed bytes from byte {@code at} on. */
    static void bytes(MemorySegment from, long at, int n, MemorySegment to) {
        for (long i = 0; i < n; i += BYTES.length()) {
            ByteVector bytes = ByteVector.fromMemorySegment(BYTES, from, at + i, LE);
            ((FloatVector) bytes.convertShape(VectorOperators.B2F, Lanes.F32, 0)).intoMemorySegment(to, 4 * i, LE);
            if (BYTES.length() == Lanes.COUNT) continue;
            ((FloatVector) bytes.convertShape(VectorOperators.B2F, Lanes.F32, 1))
                    .intoMemorySegment(to, 4 * i + VECTOR, LE);
        }
    }

    /** x *= factors over n values, whatever n is. */
    static void multiply(float[] x, int offset, MemorySegment factors, long at, int n) {
        int whole = Lanes.F32.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.F32, x, offset + i)
                    .mul(FloatVector.fromMemorySegment(Lanes.F32, factors, at + 4L * i, LE))
                    .intoArray(x, offset + i);
        }
        for (int i = whole; i < n; i++) x[offset + i] *= factors.get(F32, at + 4L * i);
    }
}
