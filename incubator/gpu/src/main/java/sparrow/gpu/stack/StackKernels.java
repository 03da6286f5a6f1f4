package sparrow.gpu.stack;

import sparrow.engine.transformer.TransformerConfig;
import sparrow.gpu.device.Device;
import sparrow.gpu.kernel.AttentionKernels;
import sparrow.gpu.kernel.DeviceKernels;
import sparrow.gpu.kernel.RowKernels;

/**
 * The kernels of a model's passes.
 *
 * @param layers linear layers, norms, turns and gates
 * @param attention writes and reads keys and values
 * @param rows states and scores
 */
record StackKernels(DeviceKernels layers, AttentionKernels attention, RowKernels rows) {
    /** Compiles them; they are closed with the device. */
    static StackKernels build(Device device, TransformerConfig config) {
        return new StackKernels(
                DeviceKernels.build(device), AttentionKernels.build(device, config), RowKernels.build(device));
    }
}
