package sparrow.tensor.kernel;

/**
 * One of several linear layers on the same input ({@link Kernels#linear(Block, java.util.List)}).
 *
 * @param weight weight, [outputs, inputs]
 * @param bias bias, [outputs], or null if there is none
 * @param y block that receives the result, [rows, outputs]
 */
public record Product(Weight weight, float[] bias, Block y) {}
