package sparrow.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The storage of the numbers of one {@link DType}: their size, their plain reading, which is the truth that every kernel is
 * held against, and their rounding, which is that of ggml's reference quantisers, so that a file written here has the bytes
 * that llama.cpp's own conversion would give it.
 */
abstract class NumberFormat {
    static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The largest f16. */
    static final float LARGEST_F16 = 65_504;

    /** Elements that are stored together. */
    final int blockElements;

    /** Bytes of one block, which is one element unless elements share a scale. */
    final int blockBytes;

    /** Largest magnitude that can be stored. */
    final float largest;

    /** llama.cpp's number for a file whose matrices are mostly of this type ({@code general.file_type}). */
    final int fileType;

    /** Bytes of a block where an f16 begins that elements share as a factor; none of a type whose elements share nothing. */
    final List<Integer> factors;

    NumberFormat(int blockElements, int blockBytes, float largest, int fileType, Integer... factors) {
        this.factors = List.of(factors);
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.largest = largest;
        this.fileType = fileType;
    }

    /** Reads {@code n} elements as f32, whole blocks, to {@code to} from {@code offset} on. */
    abstract void read(MemorySegment from, float[] to, int offset, int n);

    /** Stores finite numbers, whole blocks, one after the other. */
    abstract void store(float[] x, MemorySegment to);

    /** 1 / scale; 0 where that overflows: such a scale is 0 as f16, and so is every number of its block. */
    static float inverse(float scale) {
        float inverse = 1 / scale;
        return Float.isInfinite(inverse) ? 0 : inverse;
    }
}
