/**
 * The layers of a model on a device: {@link sparrow.gpu.stack.GpuStack} is what the engine runs its passes with. Weights,
 * keys and values, states and scores stay there; what comes back is what somebody looks at.
 */
package sparrow.gpu.stack;
