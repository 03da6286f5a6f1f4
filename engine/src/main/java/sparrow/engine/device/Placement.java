package sparrow.engine.device;

import java.util.Optional;
import sparrow.engine.transformer.Transformer;

/** Decides where the layers of a model run when the model is opened. */
@FunctionalInterface
public interface Placement {
    /**
     * Copies the layers of a transformer to a device, if they are to run there.
     *
     * @param transformer the model; its weights are views of the file, and none has been read yet
     * @return the layers on the device; empty if they are to run on this machine's threads
     * @throws NoDeviceException if the required device is not available, or the layers do not fit
     * @throws IllegalStateException if a driver fails
     */
    Optional<DeviceStack> place(Transformer transformer);

    /** Returns a placement that requires one device. */
    static Placement on(DeviceProvider provider, DeviceInfo device) {
        return transformer -> Optional.of(provider.open(device, transformer));
    }
}
