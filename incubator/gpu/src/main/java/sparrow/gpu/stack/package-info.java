/**
 * The layers of a model on a device: the engine runs its passes with {@link sparrow.gpu.stack.GpuStack}. Weights, keys and
 * values, states and scores stay there; only numbers that are read come back.
 */
package sparrow.gpu.stack;
