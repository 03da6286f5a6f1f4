package sparrow.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The activation functions on one vector. */
final class VectorActivations {
    private VectorActivations() {}

    static FloatVector apply(Activation activation, FloatVector x) {
        return switch (activation) {
            case SILU -> silu(x);
            case GELU -> gelu(x);
            case MISH -> mish(x);
            case ELU -> x.blend(exp(x).sub(1), x.compare(VectorOperators.LE, 0));
            case LEAKY_RELU_0_1 -> x.max(x.mul(0.1f));
            case LEAKY_RELU_0_01 -> x.max(x.mul(0.01f));
        };
    }

    static FloatVector silu(FloatVector x) {
        return x.div(exp(x.neg()).add(1));
    }

    /** x tanh(ln(1 + e)) with e = e^x is x (e² + 2e) / (e² + 2e + 2): one exponential. Above 20 it is x in f32. */
    private static FloatVector mish(FloatVector x) {
        FloatVector e = exp(x.min(20));
        FloatVector s = e.mul(e.add(2));
        return x.mul(s.div(s.add(2)));
    }

    private static FloatVector gelu(FloatVector x) {
        FloatVector erf = erf(x.mul((float) Math.sqrt(0.5)));
        return x.mul(0.5f).mul(erf.add(1));
    }

    /** Abramowitz and Stegun 7.1.26: absolute error at most 1.5e-7. */
    private static FloatVector erf(FloatVector x) {
        FloatVector magnitude = x.abs();
        FloatVector t = FloatVector.broadcast(Lanes.F32, 1)
                .div(magnitude.mul(0.3275911f).add(1));
        FloatVector p = t.mul(1.061405429f).add(-1.453152027f);
        p = p.fma(t, FloatVector.broadcast(Lanes.F32, 1.421413741f));
        p = p.fma(t, FloatVector.broadcast(Lanes.F32, -0.284496736f));
        p = p.fma(t, FloatVector.broadcast(Lanes.F32, 0.254829592f)).mul(t);
        FloatVector positive = p.mul(exp(magnitude.mul(magnitude).neg())).neg().add(1);
        return positive.blend(positive.neg(), x.compare(VectorOperators.LT, 0));
    }

    private static FloatVector exp(FloatVector x) {
        return x.lanewise(VectorOperators.EXP);
    }
}
