package sparrow.engine.tensor;

/**
 * Element types of stored tensors. Every one is read into f32 arithmetic; the integers carry ids and counts. A
 * quantised type stores elements in blocks that share a scale, in the layout of ggml (the format of GGUF files): a
 * block lies inside one row, so rows are whole blocks.
 */
public enum DType {
    F32(1, 4),
    F16(1, 2),
    BF16(1, 2),
    F64(1, 8),
    I32(1, 4),
    I64(1, 8),
    /** Scale d as f16, then 32 signed bytes q: element i is d * q[i]. */
    Q8_0(32, 34),
    /** Scale d as f16, then 16 bytes: their low nibbles are elements 0 to 15, their high ones 16 to 31, d * (n - 8). */
    Q4_0(32, 18);

    private final int blockElements;
    private final int blockBytes;

    DType(int blockElements, int blockBytes) {
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
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

    /** Whether elements share scales in blocks. */
    public boolean isQuantised() {
        return blockElements > 1;
    }

    /** Whether elements are numbers with fractions, in any precision, rather than ids and counts. */
    public boolean isFloating() {
        return this != I32 && this != I64;
    }

    /** Whether a {@link Matrix} can hold the type: what linear layers compute with. */
    public boolean isWeight() {
        return isFloating() && this != F64;
    }
}
