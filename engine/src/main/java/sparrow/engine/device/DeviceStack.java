package sparrow.engine.device;

import java.util.Optional;
import sparrow.engine.transformer.LayerStack;

/** Runs the layers of one model on a device. */
public interface DeviceStack extends LayerStack {
    /** The device that runs the layers. */
    DeviceInfo device();

    /**
     * Maximum bytes of the keys and values of all conversations together: the memory of the device that the weights
     * leave free, but at least enough for one context.
     */
    long contextBytes();

    @Override
    default String describe() {
        return device().label();
    }

    /** The device of a stack; empty if it runs on this machine's threads. */
    static Optional<DeviceInfo> deviceOf(LayerStack stack) {
        return stack instanceof DeviceStack there ? Optional.of(there.device()) : Optional.empty();
    }
}
