package sparrow.engine.tensor;

/** Element types of stored tensors. Every one is read into f32 arithmetic; the integers carry ids and counts. */
public enum DType {
    F32(4),
    F16(2),
    BF16(2),
    F64(8),
    I32(4),
    I64(8);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether elements are floating-point numbers. */
    public boolean isFloating() {
        return this != I32 && this != I64;
    }
}
