/**
 * The layers of a model on a device: the engine runs its passes with {@link sparrow.gpu.stack.GpuStack}. Weights, keys
 * and values, states and scores remain on the device. Only numbers that are read are copied to the host.
 */
package sparrow.gpu.stack;
