package sparrow.tensor.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Functions of vectors made of operations that IEEE 754 defines to the last bit. The Vector API's own exponential, sine
 * and lane sum give other bits once the JIT has compiled them, so that a run could not be repeated; these give the same
 * bits always.
 */
final class VectorMath {
    private static final float LOG2_E = 1.44269504f;
    /** ln 2 in two parts, the first with so few bits that whole multiples of it are exact. */
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;

    /** Adding and subtracting it rounds to the nearest whole number. */
    private static final float ROUNDER = 0x1.8p23f;

    private static final float PI_HIGH = (float) Math.PI;
    private static final float PI_LOW = (float) (Math.PI - PI_HIGH);

    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final VectorShuffle<Float> BY_1 = rotation(1);

    private VectorMath() {}

    private static VectorShuffle<Float> rotation(int lanes) {
        return VectorShuffle.iota(Lanes.F32, lanes % Lanes.COUNT, 1, true);
    }

    /** Sum of the lanes, halves first. */
    static float sum(FloatVector v) {
        if (Lanes.COUNT >= 16) v = v.add(v.rearrange(BY_8));
        if (Lanes.COUNT >= 8) v = v.add(v.rearrange(BY_4));
        v = v.add(v.rearrange(BY_2));
        return v.add(v.rearrange(BY_1)).lane(0);
    }

    /** Largest of the lanes. */
    static float max(FloatVector v) {
        if (Lanes.COUNT >= 16) v = v.max(v.rearrange(BY_8));
        if (Lanes.COUNT >= 8) v = v.max(v.rearrange(BY_4));
        v = v.max(v.rearrange(BY_2));
        return v.max(v.rearrange(BY_1)).lane(0);
    }

    /** Nearest whole numbers, halves to the even one, of values up to 2^22. */
    static IntVector round(FloatVector x) {
        return (IntVector) x.add(ROUNDER).sub(ROUNDER).convert(VectorOperators.F2I, 0);
    }

    /**
     * e^x to within 2 units of the last place; 0 and infinity where f32 has no more. With n = round(x / ln 2) it is 2^n
     * times e^(x - n ln 2), the latter by a minimax polynomial (Cephes' coefficients).
     */
    static FloatVector exp(FloatVector x) {
        x = x.max(-110).min(100);
        FloatVector n = x.mul(LOG2_E).add(ROUNDER).sub(ROUNDER);
        FloatVector r = n.fma(broadcast(-LN2_HIGH), x);
        r = n.fma(broadcast(-LN2_LOW), r);
        FloatVector p = r.fma(broadcast(1.9875691500e-4f), broadcast(1.3981999507e-3f));
        p = p.fma(r, broadcast(8.3334519073e-3f));
        p = p.fma(r, broadcast(4.1665795894e-2f));
        p = p.fma(r, broadcast(1.6666665459e-1f));
        p = p.fma(r, broadcast(5.0000001201e-1f));
        p = p.fma(r.mul(r), r).add(1);
        // 2^n in two factors: either is a normal number, and the product overflows or underflows as it should. Not a
        // method of its own: below an activation the JIT would no longer inline it, and vectors would go by way of
        // memory.
        IntVector whole = (IntVector) n.convertShape(VectorOperators.F2I, Lanes.I32, 0);
        IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
        IntVector rest = whole.sub(half);
        return p.mul(half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                .mul(rest.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
    }

    /**
     * sin(x)^2 to within 1e-6 for |x| up to 100 000; always between 0 and about 1. The square has the period pi, so x is
     * brought to [-pi/2, pi/2], where sine's power series up to the 13th power is exact in f32.
     */
    static FloatVector sineSquared(FloatVector x) {
        FloatVector n = x.mul((float) (1 / Math.PI)).add(ROUNDER).sub(ROUNDER);
        FloatVector r = n.fma(broadcast(-PI_HIGH), x);
        r = n.fma(broadcast(-PI_LOW), r).max(-1.58f).min(1.58f);
        FloatVector s = r.mul(r);
        FloatVector p = s.fma(broadcast(1f / 479_001_600 / 13), broadcast(-1f / 39_916_800));
        p = p.fma(s, broadcast(1f / 362_880));
        p = p.fma(s, broadcast(-1f / 5_040));
        p = p.fma(s, broadcast(1f / 120));
        p = p.fma(s, broadcast(-1f / 6));
        FloatVector sine = p.mul(s).fma(r, r);
        return sine.mul(sine);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(Lanes.F32, value);
    }
}
