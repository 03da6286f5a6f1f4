package sparrow.tensor.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width of this process, which is a constant for the JIT. It is the width that the machine prefers, or the
 * number of bits (128, 256 or 512) in the system property {@code sparrow.vectorBits}, which tests and
 * {@link VectorWidth} set.
 */
final class Lanes {
    /** Vector width in bits that the JVM prefers on this machine. */
    static final int PREFERRED_BITS = FloatVector.SPECIES_PREFERRED.vectorBitSize();

    /** Vectors of f32. */
    static final VectorSpecies<Float> F32 = FloatVector.SPECIES_PREFERRED.withShape(shape());

    /** Vectors of int with as many lanes as {@link #F32}. */
    static final VectorSpecies<Integer> I32 = VectorSpecies.of(int.class, F32.vectorShape());

    /** Vectors of short with as many lanes as {@link #F32} and half its width. */
    static final VectorSpecies<Short> HALF =
            VectorSpecies.of(short.class, VectorShape.forBitSize(F32.vectorBitSize() / 2));

    /** Number of f32 lanes per vector. */
    static final int COUNT = F32.length();

    /** Number of matrix rows per panel, which is two vectors. */
    static final int PANEL = 2 * COUNT;

    /** Mask of the sign, exponent and mantissa of an f16 after an arithmetic shift to their positions in an f32. */
    static final int F16_BITS = 0x8fffffff;

    /** Factor that corrects the exponent's bias from f16's 15 to f32's 127. */
    static final float F16_REBIAS = 0x1p112f;

    private Lanes() {}

    private static VectorShape shape() {
        String bits = System.getProperty(VectorWidth.PROPERTY, "");
        return switch (bits) {
            case "" -> FloatVector.SPECIES_PREFERRED.vectorShape();
            case "128" -> VectorShape.S_128_BIT;
            case "256" -> VectorShape.S_256_BIT;
            case "512" -> VectorShape.S_512_BIT;
            default -> throw new IllegalStateException("-Dsparrow.vectorBits: expected 128, 256 or 512, got " + bits);
        };
    }

    /**
     * Widens the bits of f16 numbers to f32 and multiplies them by {@code unit}. With {@link #F16_REBIAS}, the results
     * equal the f16 numbers. Infinities and NaN are not supported because they do not occur in weights.
     */
    static FloatVector f16(ShortVector bits, float unit) {
        IntVector wide = (IntVector) bits.convertShape(VectorOperators.S2I, I32, 0);
        // Shift the exponent and mantissa into position. Widening has copied the sign to all upper bits; only the top
        // bit is retained.
        return wide.lanewise(VectorOperators.LSHL, 13)
                .and(F16_BITS)
                .reinterpretAsFloats()
                .mul(unit);
    }
}
