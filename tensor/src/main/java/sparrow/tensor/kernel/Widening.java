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

/** Widens contiguous narrow numbers to f32; their count is a multiple of {@link Lanes#PANEL}. */
final class Widening {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LE);
    private static final long VECTOR = 4L * Lanes.COUNT;

    /** Vectors with as many bytes as there are f32 lanes, but at least eight, the shortest vector. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, Lanes.F32.vectorBitSize() / 4)));

    private Widening() {}

    /** Widens finite f16 numbers, starting at byte {@code at}. */
    static void halves(MemorySegment from, long at, int n, MemorySegment to) {
        for (long i = 0; i < n; i += Lanes.COUNT) {
            ShortVector halves = ShortVector.fromMemorySegment(Lanes.HALF, from, at + 2 * i, LE);
            Lanes.f16(halves, Lanes.F16_REBIAS).intoMemorySegment(to, 4 * i, LE);
        }
    }

    /** Widens signed bytes, starting at byte {@code at}. */
    static void bytes(MemorySegment from, long at, int n, MemorySegment to) {
        for (long i = 0; i < n; i += BYTES.length()) {
            ByteVector bytes = ByteVector.fromMemorySegment(BYTES, from, at + i, LE);
            ((FloatVector) bytes.convertShape(VectorOperators.B2F, Lanes.F32, 0)).intoMemorySegment(to, 4 * i, LE);
            if (BYTES.length() == Lanes.COUNT) continue;
            ((FloatVector) bytes.convertShape(VectorOperators.B2F, Lanes.F32, 1))
                    .intoMemorySegment(to, 4 * i + VECTOR, LE);
        }
    }

    /** Computes x *= factors over n values; n need not be a multiple. */
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
