package sparrow.tensor.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Vector implementations of the activation functions. Each function has a separate loop, so that the JIT compiles only
 * the functions that a model uses.
 */
final class VectorActivations {
    private VectorActivations() {}

    /**
     * Applies a function in place to as many of {@code n} values as fill complete vectors, and returns their number.
     */
    static int apply(Activation activation, float[] x, int offset, int n) {
        int whole = Lanes.F32.loopBound(n);
        switch (activation) {
            case SILU -> silus(x, offset, whole);
            case GELU -> gelus(x, offset, whole);
            case GELU_TANH -> tanhGelus(x, offset, whole);
            case MISH -> mishes(x, offset, whole);
            case ELU -> elus(x, offset, whole);
            case RELU -> relus(x, offset, whole);
            case LEAKY_RELU_0_1 -> leakyRelus(x, offset, whole, 0.1f);
            case LEAKY_RELU_0_01 -> leakyRelus(x, offset, whole, 0.01f);
        }
        return whole;
    }

    private static void silus(float[] x, int offset, int n) {
        for (int i = offset; i < offset + n; i += Lanes.COUNT) silu(load(x, i)).intoArray(x, i);
    }

    private static void gelus(float[] x, int offset, int n) {
        for (int i = offset; i < offset + n; i += Lanes.COUNT) gelu(load(x, i)).intoArray(x, i);
    }

    private static void tanhGelus(float[] x, int offset, int n) {
        for (int i = offset; i < offset + n; i += Lanes.COUNT)
            tanhGelu(load(x, i)).intoArray(x, i);
    }

    private static void mishes(float[] x, int offset, int n) {
        for (int i = offset; i < offset + n; i += Lanes.COUNT) mish(load(x, i)).intoArray(x, i);
    }

    private static void elus(float[] x, int offset, int n) {
        for (int i = offset; i < offset + n; i += Lanes.COUNT) {
            FloatVector v = load(x, i);
            v.blend(VectorMath.exp(v).sub(1), v.compare(VectorOperators.LE, 0)).intoArray(x, i);
        }
    }

    private static void relus(float[] x, int offset, int n) {
        for (int i = offset; i < offset + n; i += Lanes.COUNT) load(x, i).max(0).intoArray(x, i);
    }

    private static void leakyRelus(float[] x, int offset, int n, float slope) {
        for (int i = offset; i < offset + n; i += Lanes.COUNT) {
            FloatVector v = load(x, i);
            v.max(v.mul(slope)).intoArray(x, i);
        }
    }

    private static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(Lanes.F32, x, at);
    }

    static FloatVector silu(FloatVector x) {
        return x.div(VectorMath.exp(x.neg()).add(1));
    }

    /**
     * Returns x tanh(ln(1 + e)) with e = e^x as x (e² + 2e) / (e² + 2e + 2), which requires one exponential. Above 20,
     * the result equals x in f32.
     */
    private static FloatVector mish(FloatVector x) {
        FloatVector e = VectorMath.exp(x.min(20));
        FloatVector s = e.mul(e.add(2));
        return x.mul(s.div(s.add(2)));
    }

    private static FloatVector gelu(FloatVector x) {
        FloatVector erf = erf(x.mul((float) Math.sqrt(0.5)));
        return x.mul(0.5f).mul(erf.add(1));
    }

    /** Returns GELU's tanh approximation, using (1 + tanh u) / 2 = 1 / (1 + e^-2u), which requires one exponential. */
    private static FloatVector tanhGelu(FloatVector x) {
        float factor = (float) (-2 * Math.sqrt(2 / Math.PI));
        FloatVector exponent = x.mul(x).mul(0.044715f).add(1).mul(x).mul(factor);
        return x.div(VectorMath.exp(exponent).add(1));
    }

    /** Returns the error function according to Abramowitz and Stegun 7.1.26. The absolute error is at most 1.5e-7. */
    private static FloatVector erf(FloatVector x) {
        FloatVector magnitude = x.abs();
        FloatVector t = FloatVector.broadcast(Lanes.F32, 1)
                .div(magnitude.mul(0.3275911f).add(1));
        FloatVector p = t.mul(1.061405429f).add(-1.453152027f);
        p = p.fma(t, FloatVector.broadcast(Lanes.F32, 1.421413741f));
        p = p.fma(t, FloatVector.broadcast(Lanes.F32, -0.284496736f));
        p = p.fma(t, FloatVector.broadcast(Lanes.F32, 0.254829592f)).mul(t);
        FloatVector positive =
                p.mul(VectorMath.exp(magnitude.mul(magnitude).neg())).neg().add(1);
        return positive.blend(positive.neg(), x.compare(VectorOperators.LT, 0));
    }
}
