package sparrow.gpu.kernel;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import sparrow.tensor.DType;

/** A type of weights that kernels read. */
enum StoredType {
    F32(DType.F32, 4, "f32"),
    F16(DType.F16, 8, "f16"),
    BF16(DType.BF16, 8, "bf16"),
    /** Numbers of a byte; their scales lie apart. */
    Q8_0(DType.Q8_0, 16, "q8_0"),
    /** Nibbles, in each block of 16 bytes as in the file; their scales lie apart. */
    Q4_0(DType.Q4_0, 32, "q4_0");

    /** Bytes that a lane takes at once. */
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
     * The type of a file's numbers.
     *
     * @throws IllegalArgumentException if kernels do not read it
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

    /** The end of the names of its kernels. */
    String suffix() {
        return suffix;
    }

    /** Numbers that a lane takes at once. */
    int pieceNumbers() {
        return pieceNumbers;
    }

    /** Pieces of a row, of which the last one may be filled up with zeros. */
    int pieces(int columns) {
        return Math.ceilDiv(columns, pieceNumbers());
    }

    /** True if rows are rounded before they are multiplied with it: see {@link RoundedRows}. */
    boolean roundsInputs() {
        return this == Q4_0;
    }

    /** True if bf16 holds every number without its scale. */
    boolean exactInBf16() {
        return this != F32 && this != F16;
    }

    boolean scaled() {
        return dtype.isQuantised();
    }

    /** Scales of a row of a type that has them. */
    int blocks(int columns) {
        return columns / dtype.blockElements();
    }

    /** Bytes of a row and its scales. */
    long rowBytes(int columns) {
        return (long) pieces(columns) * PIECE + (scaled() ? (long) blocks(columns) * Short.BYTES : 0);
    }

    /** The macros of a kernel of this type. */
    SequencedMap<String, String> macros() {
        SequencedMap<String, String> macros = new LinkedHashMap<>();
        macros.put("VALUES", String.valueOf(pieceNumbers()));
        macros.put("WIDEN", "widen_" + suffix);
        macros.put("SCALE", scaled() ? "HALF" : "ONE");
        if (scaled()) macros.put("SCALED", "1");
        return macros;
    }

    /** A word of numbers between 1 and 2 times a scale, with either sign, to which {@link #randomBits} are added. */
    int randomBase(int columns) {
        // A spread of about 1.15 / sqrt(columns), as that of RandomLanguageModel, to the nearest power of 2.
        int exponent = (int) Math.rint(Math.log(0.75 / Math.sqrt(columns)) / Math.log(2));
        return switch (this) {
            case F32 -> Float.floatToRawIntBits(Math.scalb(1f, exponent));
            case BF16 -> twice(Float.floatToRawIntBits(Math.scalb(1f, exponent)) >>> 16);
            case F16 -> twice(Float.floatToFloat16(Math.scalb(1f, exponent)));
            case Q8_0, Q4_0 -> 0;
        };
    }

    /** The bits of a word that are random: of plain numbers the signs and fractions. */
    int randomBits() {
        return switch (this) {
            case F32 -> 0x807F_FFFF;
            case BF16 -> twice(0x807F);
            case F16 -> twice(0x83FF);
            case Q8_0, Q4_0 -> -1;
        };
    }

    /** A word of two scales under which random bytes or nibbles have the same spread. */
    int randomScales(int columns) {
        return twice(Float.floatToFloat16((float) (4 / Math.sqrt(columns) / dtype.steps())));
    }

    private static int twice(int half) {
        return (half & 0xFFFF) * 0x1_0001;
    }
}
