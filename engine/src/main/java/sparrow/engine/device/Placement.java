package sparrow.engine.device;

import java.util.Optional;
import sparrow.engine.transformer.Transformer;

/** Decides where a model's layers run when the model is opened. */
@FunctionalInterface
public interface Placement {
    /**
     * Copies a transformer's layers to a device if they are to run there.
     *
     * @param transformer model to place; its weights are views of the file and have not been read yet
     * @return layers on the device, or empty if they are to run on this machine's threads
     * @throws NoDeviceException if the required device is not available, or if the layers do not fit
     * @throws IllegalStateException if a driver fails
     */
    Optional<DeviceStack> place(Transformer transformer);

    /** Returns a placement that copies the layers of every model to the given device. */
    static Placement on(DeviceProvider provider, DeviceInfo device) {
        return transformer -> Optional.of(provider.open(device, transformer));
    }
}
