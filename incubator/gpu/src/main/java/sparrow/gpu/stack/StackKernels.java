package sparrow.gpu.stack;

import sparrow.engine.transformer.TransformerConfig;
import sparrow.gpu.device.Device;
import sparrow.gpu.kernel.AttentionKernels;
import sparrow.gpu.kernel.DeviceKernels;
import sparrow.gpu.kernel.RowKernels;

/**
 * The kernels used by a model's passes.
 *
 * @param layers linear layers, norms, rotations and activation functions
 * @param attention kernels that write and read keys and values
 * @param rows kernels for states and scores
 */
record StackKernels(DeviceKernels layers, AttentionKernels attention, RowKernels rows) {
    /** Compiles the kernels, which are closed with the device. */
    static StackKernels build(Device device, TransformerConfig config) {
        return new StackKernels(
                DeviceKernels.build(device), AttentionKernels.build(device, config), RowKernels.build(device));
    }
}
