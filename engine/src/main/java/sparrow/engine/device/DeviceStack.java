package sparrow.engine.device;

import java.util.Optional;
import sparrow.engine.transformer.LayerStack;

/** The layers of one model on a device. */
public interface DeviceStack extends LayerStack {
    /** The device. */
    DeviceInfo device();

    /**
     * Bytes that keys and values of many conversations may take together: what the device has beside the weights, or one
     * context if that is more.
     */
    long contextBytes();

    @Override
    default String describe() {
        return device().label();
    }

    /** The device of a stack; empty where this machine's threads compute the layers. */
    static Optional<DeviceInfo> deviceOf(LayerStack stack) {
        return stack instanceof DeviceStack there ? Optional.of(there.device()) : Optional.empty();
    }
}
