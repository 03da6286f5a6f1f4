package sparrow.formats.weights;

/** Types of GGUF metadata values, in the order of their numbers in the format. */
enum GgufType {
    U8(1),
    I8(1),
    U16(2),
    I16(2),
    U32(4),
    I32(4),
    F32(4),
    BOOL(1),
    /** A string, stored as its length (u64) and UTF-8 bytes. */
    STRING(8),
    /** An array, stored as element type (u32), count (u64) and elements. */
    ARRAY(12),
    U64(8),
    I64(8),
    F64(8);

    private final int bytes;

    GgufType(int bytes) {
        this.bytes = bytes;
    }

    /** Returns the number of bytes of a value, or the minimum number for a string or an array. */
    int bytes() {
        return bytes;
    }

    boolean isWhole() {
        return this != F32 && this != F64 && this != BOOL && this != STRING && this != ARRAY;
    }

    boolean isNumber() {
        return isWhole() || this == F32 || this == F64;
    }
}
