package sparrow.tensor.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width of this run, a constant to the JIT: the machine's preferred one, or the bits (128, 256, 512) of the
 * system property {@code sparrow.vectorBits}, so that a test can pin it, and a run ({@link VectorWidth}).
 */
final class Lanes {
    /** Vectors that the JVM prefers on this machine, in bits. */
    static final int PREFERRED_BITS = FloatVector.SPECIES_PREFERRED.vectorBitSize();

    /** f32 lanes. */
    static final VectorSpecies<Float> F32 = FloatVector.SPECIES_PREFERRED.withShape(shape());

    /** As many int lanes as there are f32 lanes. */
    static final VectorSpecies<Integer> I32 = VectorSpecies.of(int.class, F32.vectorShape());

    /** As many short lanes as there are f32 lanes: half the width. */
    static final VectorSpecies<Short> HALF =
            VectorSpecies.of(short.class, VectorShape.forBitSize(F32.vectorBitSize() / 2));

    /** f32 lanes per vector. */
    static final int COUNT = F32.length();

    /** Matrix rows per panel: two vectors. */
    static final int PANEL = 2 * COUNT;

    /** The sign, exponent and mantissa of an f16 that a shift has brought to f32's places and whose sign it has spread. */
    static final int F16_BITS = 0x8fffffff;

    /** Brings the exponent's bias from f16's 15 to f32's 127. */
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
     * Sixteen-bit IEEE floats by their bits alone, times {@code unit}: {@link #F16_REBIAS} gives their values. Infinities and NaN do
     * not occur in weights.
     */
    static FloatVector f16(ShortVector bits, float unit) {
        IntVector wide = (IntVector) bits.convertShape(VectorOperators.S2I, I32, 0);
        // Exponent and mantissa to their places, the sign, spread by the widening, kept at the top.
        return wide.lanewise(VectorOperators.LSHL, 13)
                .and(F16_BITS)
                .reinterpretAsFloats()
                .mul(unit);
    }
}
