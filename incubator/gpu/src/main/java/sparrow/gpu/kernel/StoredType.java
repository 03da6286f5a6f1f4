package sparrow.gpu.kernel;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import sparrow.tensor.DType;

/** A type of weights supported by kernels. */
enum StoredType {
    F32(DType.F32, 4, "f32"),
    F16(DType.F16, 8, "f16"),
    BF16(DType.BF16, 8, "bf16"),
    /** Numbers of one byte. Their scales are stored separately. */
    Q8_0(DType.Q8_0, 16, "q8_0"),
    /** Nibbles, in blocks of 16 bytes ordered as in the file. Their scales are stored separately. */
    Q4_0(DType.Q4_0, 32, "q4_0");

    /** Number of bytes that a lane reads at once. */
    static final int PIECE = 16;

    private final DType dtype;
    private final int pieceNumbers;
    private final String suffix;

    StoredType(DType dtype, int pieceNumbers, String suffix) {
        this.dtype = dtype;
        this.pieceNumbers = pieceNumbers;
        this.suffix = suffix;
    }

    /**
     * Returns the type for a file's number format.
     *
     * @throws IllegalArgumentException if kernels do not support the format
     */
    static StoredType of(DType dtype) {
        return Arrays.stream(values())
                .filter(type -> type.dtype == dtype)
                .findFirst()
                .orElseThrow(() -> {
                    List<DType> known =
                            Arrays.stream(values()).map(type -> type.dtype).toList();
                    return new IllegalArgumentException(
                            "matrix on a device: expected " + DType.names(known) + ", got " + dtype);
                });
    }

    /** Returns the suffix of kernel names for this type. */
    String suffix() {
        return suffix;
    }

    /** Returns the number of weights that a lane reads at once. */
    int pieceNumbers() {
        return pieceNumbers;
    }

    /** Returns the number of pieces per row, including a last piece that is padded with zeros. */
    int pieces(int columns) {
        return Math.ceilDiv(columns, pieceNumbers());
    }

    /** Returns whether inputs are rounded before they are multiplied by the weights; see {@link RoundedRows}. */
    boolean roundsInputs() {
        return this == Q4_0;
    }

    /** Returns whether bf16 represents every number exactly, without its scale. */
    boolean exactInBf16() {
        return this != F32 && this != F16;
    }

    boolean scaled() {
        return dtype.isQuantised();
    }

    /** Returns the number of scales per row for a type with scales. */
    int blocks(int columns) {
        return columns / dtype.blockElements();
    }

    /** Returns the size of a row including its scales, in bytes. */
    long rowBytes(int columns) {
        return (long) pieces(columns) * PIECE + (scaled() ? (long) blocks(columns) * Short.BYTES : 0);
    }

    /** Returns the macros of a kernel for this type. */
    SequencedMap<String, String> macros() {
        SequencedMap<String, String> macros = new LinkedHashMap<>();
        macros.put("VALUES", String.valueOf(pieceNumbers()));
        macros.put("WIDEN", "widen_" + suffix);
        macros.put("SCALE", scaled() ? "HALF" : "ONE");
        if (scaled()) macros.put("SCALED", "1");
        return macros;
    }

    /**
     * Returns a word of numbers between 1 and 2 times a scale, of either sign, to which {@link #randomBits} are added.
     */
    int randomBase(int columns) {
        // The spread is about 1.15 / sqrt(columns), as in RandomLanguageModel, rounded to the nearest power of 2.
        int exponent = (int) Math.rint(Math.log(0.75 / Math.sqrt(columns)) / Math.log(2));
        return switch (this) {
            case F32 -> Float.floatToRawIntBits(Math.scalb(1f, exponent));
            case BF16 -> twice(Float.floatToRawIntBits(Math.scalb(1f, exponent)) >>> 16);
            case F16 -> twice(Float.floatToFloat16(Math.scalb(1f, exponent)));
            case Q8_0, Q4_0 -> 0;
        };
    }

    /** Returns the mask of a word's random bits: the signs and fractions for plain numbers. */
    int randomBits() {
        return switch (this) {
            case F32 -> 0x807F_FFFF;
            case BF16 -> twice(0x807F);
            case F16 -> twice(0x83FF);
            case Q8_0, Q4_0 -> -1;
        };
    }

    /** Returns a word of two scales that give random bytes or nibbles the same spread. */
    int randomScales(int columns) {
        return twice(Float.floatToFloat16((float) (4 / Math.sqrt(columns) / dtype.steps())));
    }

    private static int twice(int half) {
        return (half & 0xFFFF) * 0x1_0001;
    }
}
