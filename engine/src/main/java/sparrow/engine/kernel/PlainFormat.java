package sparrow.engine.kernel;

import sparrow.engine.tensor.DType;

/** Weight types whose elements stand alone: they are read where they lie, and widened to f32. */
enum PlainFormat {
    F32(4),
    F16(2),
    BF16(2);

    private final int bytes;

    PlainFormat(int bytes) {
        this.bytes = bytes;
    }

    /** Of one number. */
    int bytes() {
        return bytes;
    }

    /**
     * The format of a type.
     *
     * @throws IllegalArgumentException if its elements share scales, or no weight has it
     */
    static PlainFormat of(DType dtype) {
        return switch (dtype) {
            case F32 -> F32;
            case F16 -> F16;
            case BF16 -> BF16;
            case Q8_0, Q4_0, I32, I64, F64 -> throw new IllegalArgumentException("matrix of " + dtype);
        };
    }
}
