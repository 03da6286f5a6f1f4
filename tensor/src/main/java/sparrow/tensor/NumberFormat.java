package sparrow.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The storage format of one {@link DType}. Reading is implemented in the simplest way and is the reference for every
 * kernel. Writing rounds like ggml's reference quantisers, so a file written by this project has the same bytes as a
 * file converted by llama.cpp.
 */
abstract class NumberFormat {
    static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The largest f16. */
    static final float LARGEST_F16 = 65_504;

    /** Number of elements in a block. */
    final int blockElements;

    /** Number of bytes in a block, which is one element unless elements share a scale. */
    final int blockBytes;

    /** The largest magnitude that can be stored. */
    final float largest;

    /** llama.cpp's number for a file whose matrices are mostly of this type ({@code general.file_type}). */
    final int fileType;

    /** Byte offsets, within a block, of the f16 factors shared by elements, or empty if there are none. */
    final List<Integer> factors;

    NumberFormat(int blockElements, int blockBytes, float largest, int fileType, Integer... factors) {
        this.factors = List.of(factors);
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.largest = largest;
        this.fileType = fileType;
    }

    /**
     * Reads {@code n} elements, which form complete blocks, as f32 and writes them to {@code to}, starting at
     * {@code offset}.
     */
    abstract void read(MemorySegment from, float[] to, int offset, int n);

    /** Stores finite numbers, which form complete blocks, contiguously. */
    abstract void store(float[] x, MemorySegment to);

    /**
     * Returns 1 / scale, or 0 if the quotient overflows. A scale whose inverse overflows becomes 0 as f16, so every
     * number in its block becomes 0.
     */
    static float inverse(float scale) {
        float inverse = 1 / scale;
        return Float.isInfinite(inverse) ? 0 : inverse;
    }
}
