package sparrow.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Element types of stored tensors. Every one is read into f32 arithmetic; the integers carry ids and counts. A
 * quantised type stores elements in blocks that share a scale, in the layout of ggml (the format of GGUF files): a
 * block lies inside one row, so rows are whole blocks.
 */
public enum DType {
    F32(0, new PlainNumbers.F32()),
    F16(1, new PlainNumbers.F16()),
    BF16(30, new PlainNumbers.Bf16()),
    /** Scale d as f16, then 32 signed bytes q: element i is d * q[i]. */
    Q8_0(8, new Q8Numbers()),
    /** Scale d as f16, then 16 bytes: their low nibbles are elements 0 to 15, their high ones 16 to 31, d * (n - 8). */
    Q4_0(2, new Q4Numbers()),
    /** 256 elements in groups of 32 with a scale and a minimum each; see {@link SuperBlock}. Read, not written. */
    Q4_K(12, new KNumbers.Q4()),
    /** As q4_K, with a fifth bit for each element. */
    Q5_K(13, new KNumbers.Q5()),
    /** 256 elements in groups of 16 with a scale each; see {@link SuperBlock}. Read, not written. */
    Q6_K(14, new KNumbers.Q6()),
    I32(26, 4),
    I64(27, 8),
    F64(28, 8);

    private final int ggmlType;
    private final int blockElements;
    private final int blockBytes;

    /** Null for a type that no weight has. */
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

    /** Those that a {@link Matrix} can hold. */
    public static List<DType> weights() {
        return Arrays.stream(values()).filter(DType::isWeight).toList();
    }

    /** Types for a message: {@code F32, F16 or BF16}. */
    public static String names(List<DType> types) {
        String all = String.join(", ", types.stream().map(DType::name).toList());
        int last = all.lastIndexOf(", ");
        return last < 0 ? all : all.substring(0, last) + " or " + all.substring(last + 2);
    }

    /** ggml's number of the type. */
    public int ggmlType() {
        return ggmlType;
    }

    /** Elements that are stored together: 1 unless the type is quantised. */
    public int blockElements() {
        return blockElements;
    }

    /** Bytes of one block, which is one element unless the type is quantised. */
    public int blockBytes() {
        return blockBytes;
    }

    /**
     * Bytes of so many elements.
     *
     * @throws IllegalArgumentException if they are not whole blocks
     * @throws ArithmeticException if a long cannot count the bytes
     */
    public long bytes(long elements) {
        if (elements % blockElements != 0) {
            throw new IllegalArgumentException(
                    this + ": expected a multiple of " + blockElements + " elements, got " + elements);
        }
        return Math.multiplyExact(elements / blockElements, blockBytes);
    }

    /** True if elements share scales in blocks. */
    public boolean isQuantised() {
        return blockElements > 1;
    }

    /** Bytes of a block of a quantised type where an f16 begins that elements share as a factor: a scale, or K-quants' minimum. */
    public List<Integer> factors() {
        return numbers().factors;
    }

    /** Steps that an element of a quantised type can take beside its f16 scale: 256 for a byte, 16 for a nibble. */
    public int steps() {
        return 1 << (blockBytes - Short.BYTES) * Byte.SIZE / blockElements;
    }

    /** True if elements are numbers with fractions, in any precision, rather than ids and counts. */
    public boolean isFloating() {
        return isWeight() || this == F64;
    }

    /** True if a {@link Matrix} can hold the type, so that linear layers compute with it. */
    public boolean isWeight() {
        return numbers != null;
    }

    /** True if numbers can be {@linkplain #store stored} in it: K-quants are only read. */
    public boolean isWritten() {
        return isWeight() && !(numbers instanceof KNumbers);
    }

    /**
     * Largest magnitude that a weight of the type can have.
     *
     * @throws IllegalArgumentException if no weight has the type
     */
    public float largest() {
        return numbers().largest;
    }

    /**
     * llama.cpp's number for a file whose matrices are mostly of this type ({@code general.file_type}).
     *
     * @throws IllegalArgumentException if no weight has the type
     */
    public int fileType() {
        return numbers().fileType;
    }

    /**
     * Stores f32 numbers one after the other, rounded as ggml's reference quantisers round.
     *
     * @param x finite numbers; a multiple of {@link #blockElements} of them
     * @param to {@code bytes(x.length)} bytes or more
     * @throws IllegalArgumentException if no weight has the type, the last block is incomplete, or the type is not written
     */
    public void store(float[] x, MemorySegment to) {
        bytes(x.length); // refuses an incomplete block
        numbers().store(x, to);
    }

    /** The format of a weight type. */
    NumberFormat numbers() {
        if (numbers == null) throw new IllegalArgumentException("weights are not stored as " + this);
        return numbers;
    }
}
