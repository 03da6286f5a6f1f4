package sparrow.tensor.kernel;

/**
 * One of several linear layers on the same input ({@link Kernels#linear(Block, java.util.List)}).
 *
 * @param weight [outputs, inputs]
 * @param bias [outputs], or null for none
 * @param y the result, [rows, outputs]
 */
public record Product(Weight weight, float[] bias, Block y) {}
