package sparrow.engine.device;

import java.util.Optional;
import sparrow.engine.transformer.LayerStack;

/** Runs a model's layers on a device. */
public interface DeviceStack extends LayerStack {
    /** Returns the device that runs the layers. */
    DeviceInfo device();

    /**
     * Returns the maximum total number of bytes for the keys and values of all conversations. The number is the size of
     * the device memory not used by weights, but at least the size of one context.
     */
    long contextBytes();

    @Override
    default String describe() {
        return device().label();
    }

    /** Returns a stack's device, or empty if the stack runs on this machine's threads. */
    static Optional<DeviceInfo> deviceOf(LayerStack stack) {
        return stack instanceof DeviceStack there ? Optional.of(there.device()) : Optional.empty();
    }
}
