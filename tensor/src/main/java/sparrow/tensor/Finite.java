package sparrow.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Checks whether numbers are finite. All exponent bits of NaN and infinity are set, so their bits without the sign form
 * larger integers than the bits of any finite number. The JIT vectorises a search for the largest integer.
 */
public final class Finite {
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int F32_INFINITY = 0x7f80_0000;
    private static final int F16_INFINITY = 0x7c00;
    private static final int BF16_INFINITY = 0x7f80;

    /** Number of elements checked at a time, chosen so that they fit in the first-level cache. */
    private static final int PIECE = 4096;

    private Finite() {}

    /** Returns whether all values are finite. */
    public static boolean all(float[] values) {
        int largest = 0;
        for (float value : values) largest = Math.max(largest, Float.floatToRawIntBits(value) & 0x7fff_ffff);
        return largest < F32_INFINITY;
    }

    /** Returns whether all elements of a matrix, or all scales of a quantised matrix, are finite. */
    public static boolean all(Matrix matrix) {
        MemorySegment data = matrix.data();
        return switch (matrix.dtype()) {
            case F32 -> allBelow(F32_INFINITY, new int[PIECE], data);
            case F16 -> allBelow(F16_INFINITY, new short[PIECE], data);
            case BF16 -> allBelow(BF16_INFINITY, new short[PIECE], data);
            case Q8_0, Q4_0, Q4_K, Q5_K, Q6_K ->
                matrix.dtype().factors().stream().allMatch(place -> allFinite(matrix.dtype(), data, place));
            case F64, I32, I64 ->
                throw new IllegalArgumentException("expected a matrix of weights, got " + matrix.dtype());
        };
    }

    private static boolean allBelow(int infinity, int[] piece, MemorySegment data) {
        for (long at = 0; at < data.byteSize(); at += 4L * PIECE) {
            int n = (int) Math.min(PIECE, (data.byteSize() - at) / 4);
            MemorySegment.copy(data, I32, at, piece, 0, n);
            int largest = 0;
            for (int i = 0; i < n; i++) largest = Math.max(largest, piece[i] & 0x7fff_ffff);
            if (largest >= infinity) return false;
        }
        return true;
    }

    private static boolean allBelow(int infinity, short[] piece, MemorySegment data) {
        for (long at = 0; at < data.byteSize(); at += 2L * PIECE) {
            int n = (int) Math.min(PIECE, (data.byteSize() - at) / 2);
            MemorySegment.copy(data, I16, at, piece, 0, n);
            int largest = 0;
            for (int i = 0; i < n; i++) largest = Math.max(largest, piece[i] & 0x7fff);
            if (largest >= infinity) return false;
        }
        return true;
    }

    private static boolean allFinite(DType dtype, MemorySegment data, long place) {
        int largest = 0;
        for (long at = place; at < data.byteSize(); at += dtype.blockBytes()) {
            largest = Math.max(largest, data.get(I16, at) & 0x7fff);
        }
        return largest < F16_INFINITY;
    }
}
