package sparrow.tensor.kernel;

/** Pointwise activation functions. */
public enum Activation {
    /** x * sigmoid(x). */
    SILU,
    /** The exact form, x/2 * (1 + erf(x / sqrt 2)). */
    GELU,
    /** The tanh approximation of GELU, x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))). */
    GELU_TANH,
    /** x * tanh(ln(1 + e^x)). */
    MISH,
    /** x for positive x, e^x - 1 otherwise. */
    ELU,
    /** x for positive x, 0 otherwise. */
    RELU,
    /** x for positive x, 0.1 x otherwise. */
    LEAKY_RELU_0_1,
    /** x for positive x, 0.01 x otherwise. */
    LEAKY_RELU_0_01
}
