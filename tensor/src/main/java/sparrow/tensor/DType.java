package sparrow.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Element types of stored tensors. All are converted to f32 for computation; integer types represent ids and counts. A
 * quantised type stores elements in blocks that share a scale, in ggml's layout (the format of GGUF files). A block
 * never spans rows, so each row consists of complete blocks.
 */
public enum DType {
    F32(0, new PlainNumbers.F32()),
    F16(1, new PlainNumbers.F16()),
    BF16(30, new PlainNumbers.Bf16()),
    /** An f16 scale d, followed by 32 signed bytes q. Element i is d * q[i]. */
    Q8_0(8, new BlockNumbers.Q8()),
    /**
     * An f16 scale d, followed by 16 bytes. The bytes' low nibbles n represent elements 0 to 15, and their high nibbles
     * represent elements 16 to 31; each element is d * (n - 8).
     */
    Q4_0(2, new BlockNumbers.Q4()),
    /**
     * 256 elements in groups of 32, each with a scale and a minimum; see {@link SuperBlock}. This type is read-only.
     */
    Q4_K(12, new KNumbers.Q4()),
    /** Like q4_K, but with a fifth bit for each element. This type is read-only. */
    Q5_K(13, new KNumbers.Q5()),
    /** 256 elements in groups of 16, each with a scale; see {@link SuperBlock}. This type is read-only. */
    Q6_K(14, new KNumbers.Q6()),
    I32(26, 4),
    I64(27, 8),
    F64(28, 8);

    private final int ggmlType;
    private final int blockElements;
    private final int blockBytes;

    /** Number format, or null for types that weights cannot have. */
    private final NumberFormat numbers;

    DType(int ggmlType, NumberFormat numbers) {
        this.ggmlType = ggmlType;
        this.blockElements = numbers.blockElements;
        this.blockBytes = numbers.blockBytes;
        this.numbers = numbers;
    }

    DType(int ggmlType, int bytes) {
        this.ggmlType = ggmlType;
        this.blockElements = 1;
        this.blockBytes = bytes;
        this.numbers = null;
    }

    /** Returns the types that a {@link Matrix} can have. */
    public static List<DType> weights() {
        return Arrays.stream(values()).filter(DType::isWeight).toList();
    }

    /** Returns types formatted for a message: {@code F32, F16 or BF16}. */
    public static String names(List<DType> types) {
        String all = String.join(", ", types.stream().map(DType::name).toList());
        int last = all.lastIndexOf(", ");
        return last < 0 ? all : all.substring(0, last) + " or " + all.substring(last + 2);
    }

    /** Returns ggml's number for the type. */
    public int ggmlType() {
        return ggmlType;
    }

    /** Returns the number of elements in a block, which is 1 unless the type is quantised. */
    public int blockElements() {
        return blockElements;
    }

    /** Returns the size of a block in bytes. A block is one element unless the type is quantised. */
    public int blockBytes() {
        return blockBytes;
    }

    /**
     * Returns the number of bytes that elements occupy.
     *
     * @throws IllegalArgumentException if the elements do not form complete blocks
     * @throws ArithmeticException if the number of bytes overflows a long
     */
    public long bytes(long elements) {
        if (elements % blockElements != 0) {
            throw new IllegalArgumentException(
                    this + ": expected a multiple of " + blockElements + " elements, got " + elements);
        }
        return Math.multiplyExact(elements / blockElements, blockBytes);
    }

    /** Returns whether elements are stored in blocks that share a scale. */
    public boolean isQuantised() {
        return blockElements > 1;
    }

    /**
     * Returns the byte offsets, within a block of a quantised type, of the f16 factors shared by the block's elements:
     * the scale and, for some K-quants, the minimum.
     */
    public List<Integer> factors() {
        return numbers().factors;
    }

    /**
     * Returns the number of levels of an element of a quantised type with one f16 scale, which is 256 for a byte and 16
     * for a nibble.
     */
    public int steps() {
        return 1 << (blockBytes - Short.BYTES) * Byte.SIZE / blockElements;
    }

    /** Returns whether elements are floating-point numbers of any precision instead of ids and counts. */
    public boolean isFloating() {
        return isWeight() || this == F64;
    }

    /** Returns whether a {@link Matrix} can have the type and be used by linear layers. */
    public boolean isWeight() {
        return numbers != null;
    }

    /** Returns whether numbers can be {@linkplain #store stored} in the type. K-quants are read-only. */
    public boolean isWritable() {
        return isWeight() && !(numbers instanceof KNumbers);
    }

    /**
     * Returns the largest magnitude that a weight of the type can have.
     *
     * @throws IllegalArgumentException if weights cannot have the type
     */
    public float largest() {
        return numbers().largest;
    }

    /**
     * Returns llama.cpp's number for a file whose matrices are mostly of this type ({@code general.file_type}).
     *
     * @throws IllegalArgumentException if weights cannot have the type
     */
    public int fileType() {
        return numbers().fileType;
    }

    /**
     * Stores f32 numbers contiguously, rounded like ggml's reference quantisers.
     *
     * @param x finite numbers, whose count must be a multiple of {@link #blockElements}
     * @param to memory of at least {@code bytes(x.length)} bytes
     * @throws IllegalArgumentException if weights cannot have the type, the last block is incomplete, or the type is
     *     read-only
     */
    public void store(float[] x, MemorySegment to) {
        bytes(x.length); // throws an exception if the last block is incomplete
        numbers().store(x, to);
    }

    /** Returns the number format of a weight type. */
    NumberFormat numbers() {
        if (numbers == null) throw new IllegalArgumentException("weights cannot be stored as " + this);
        return numbers;
    }
}
