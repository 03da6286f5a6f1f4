package sparrow.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The storage format of one {@link DType}. Reading is written plainly, as the reference for every kernel. Writing
 * rounds as ggml's reference quantisers do, so a file written here has the same bytes as one converted by llama.cpp.
 */
abstract class NumberFormat {
    static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The largest f16. */
    static final float LARGEST_F16 = 65_504;

    /** Number of elements in a block. */
    final int blockElements;

    /** Bytes of a block, which is one element unless elements share a scale. */
    final int blockBytes;

    /** The largest magnitude that can be stored. */
    final float largest;

    /** llama.cpp's number for a file whose matrices are mostly of this type ({@code general.file_type}). */
    final int fileType;

    /** Byte offsets, within a block, of the f16 factors that elements share; empty if they share none. */
    final List<Integer> factors;

    NumberFormat(int blockElements, int blockBytes, float largest, int fileType, Integer... factors) {
        this.factors = List.of(factors);
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.largest = largest;
        this.fileType = fileType;
    }

    /** Reads {@code n} elements, a whole number of blocks, as f32 into {@code to}, starting at {@code offset}. */
    abstract void read(MemorySegment from, float[] to, int offset, int n);

    /** Stores finite numbers, a whole number of blocks, contiguously. */
    abstract void store(float[] x, MemorySegment to);

    /** Returns 1 / scale, or 0 if that overflows: such a scale is 0 as f16, and so is every number of its block. */
    static float inverse(float scale) {
        float inverse = 1 / scale;
        return Float.isInfinite(inverse) ? 0 : inverse;
    }
}
