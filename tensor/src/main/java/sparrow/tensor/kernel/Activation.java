package sparrow.tensor.kernel;

/** Pointwise activation functions. */
public enum Activation {
    /** SiLU: x * sigmoid(x). */
    SILU,
    /** The exact form of GELU, x/2 * (1 + erf(x / sqrt 2)). */
    GELU,
    /** The tanh approximation of GELU, x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))). */
    GELU_TANH,
    /** Mish: x * tanh(ln(1 + e^x)). */
    MISH,
    /** ELU: x for positive x, and e^x - 1 otherwise. */
    ELU,
    /** ReLU: x for positive x, and 0 otherwise. */
    RELU,
    /** Leaky ReLU: x for positive x, and 0.1 x otherwise. */
    LEAKY_RELU_0_1,
    /** Leaky ReLU: x for positive x, and 0.01 x otherwise. */
    LEAKY_RELU_0_01;

    /** Returns the function's value in double precision. This method is the reference for {@link VectorActivations}. */
    double apply(double x) {
        return switch (this) {
            case SILU -> x / (1 + Math.exp(-x));
            case GELU -> x * 0.5 * (1 + erf(x / Math.sqrt(2)));
            // (1 + tanh u) / 2 equals 1 / (1 + e^-2u), which does not suffer from cancellation for negative u.
            case GELU_TANH -> x / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case MISH -> x * Math.tanh(Math.log1p(Math.exp(Math.min(x, 30))));
            case ELU -> x > 0 ? x : Math.expm1(x);
            case RELU -> Math.max(0, x);
            case LEAKY_RELU_0_1 -> x > 0 ? x : 0.1 * x;
            case LEAKY_RELU_0_01 -> x > 0 ? x : 0.01 * x;
        };
    }

    /**
     * Returns the Gauss error function with an error of about 1e-15. The Maclaurin series is used near zero, and the
     * continued fraction of erfc elsewhere. The JDK does not contain this function, and a library for one function
     * would be excessive.
     */
    static double erf(double x) {
        double magnitude = Math.abs(x);
        if (magnitude > 6) return Math.copySign(1, x);
        return magnitude < 2.5 ? series(x) : Math.copySign(1 - complement(magnitude), x);
    }

    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }

    private static double complement(double x) {
        double fraction = 0;
        for (int n = 60; n >= 1; n--) fraction = n / 2.0 / (x + fraction);
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
    }
}
