package sparrow.tensor.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Vector functions that use only operations defined to the last bit by IEEE 754. The Vector API's exponential, sine and
 * lane sum return different bits after the JIT has compiled them, so runs that use them cannot be reproduced.
 */
final class VectorMath {
    private static final float LOG2_E = 1.44269504f;
    /** First of two parts of ln 2. It has so few bits that its integer multiples are exact. */
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;

    /** Adding and subtracting this number rounds to the nearest integer. */
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

    /** Returns the sum of the lanes, adding halves first. */
    static float sum(FloatVector v) {
        if (Lanes.COUNT >= 16) v = v.add(v.rearrange(BY_8));
        if (Lanes.COUNT >= 8) v = v.add(v.rearrange(BY_4));
        v = v.add(v.rearrange(BY_2));
        return v.add(v.rearrange(BY_1)).lane(0);
    }

    /** Returns the inner product of {@code n} values. */
    static float dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
        FloatVector even = FloatVector.zero(Lanes.F32);
        FloatVector odd = even;
        int i = 0;
        for (; i <= n - Lanes.PANEL; i += Lanes.PANEL) {
            even = FloatVector.fromArray(Lanes.F32, a, aOffset + i)
                    .fma(FloatVector.fromArray(Lanes.F32, b, bOffset + i), even);
            odd = FloatVector.fromArray(Lanes.F32, a, aOffset + i + Lanes.COUNT)
                    .fma(FloatVector.fromArray(Lanes.F32, b, bOffset + i + Lanes.COUNT), odd);
        }
        float sum = sum(even.add(odd));
        for (; i < n; i++) sum += a[aOffset + i] * b[bOffset + i];
        return sum;
    }

    /** Returns the largest lane. */
    static float max(FloatVector v) {
        if (Lanes.COUNT >= 16) v = v.max(v.rearrange(BY_8));
        if (Lanes.COUNT >= 8) v = v.max(v.rearrange(BY_4));
        v = v.max(v.rearrange(BY_2));
        return v.max(v.rearrange(BY_1)).lane(0);
    }

    /** Rounds values up to 2^22 to the nearest integers, with ties to even. */
    static IntVector round(FloatVector x) {
        return (IntVector) x.add(ROUNDER).sub(ROUNDER).convert(VectorOperators.F2I, 0);
    }

    /**
     * Returns e^x to within 2 units in the last place, or 0 or infinity outside the range of f32. With n = round(x / ln
     * 2), the result is 2^n times e^(x - n ln 2), which is computed by a minimax polynomial (Cephes' coefficients).
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
        // 2^n is split into two factors that are normal numbers, so that the product overflows or underflows correctly.
        // This is not a separate method because the JIT would not inline it into an activation, and vectors would be
        // passed in memory.
        IntVector whole = (IntVector) n.convertShape(VectorOperators.F2I, Lanes.I32, 0);
        IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
        IntVector rest = whole.sub(half);
        return p.mul(half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                .mul(rest.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
    }

    /**
     * Returns sin(x)^2 to within 1e-6 for |x| up to 100 000. The result is always between 0 and about 1. The square has
     * period pi, so x is reduced to [-pi/2, pi/2], where the sine's power series up to the 13th power is exact in f32.
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
