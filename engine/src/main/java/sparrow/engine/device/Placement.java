package sparrow.engine.device;

import java.util.Optional;
import sparrow.engine.transformer.Transformer;

/** Takes the layers of a model that is being opened to a device. */
@FunctionalInterface
public interface Placement {
    /**
     * Takes a transformer to a device.
     *
     * @param transformer whose weights are those of the file; nothing of them was read yet
     * @return the layers there; empty if this machine's threads are to compute them after all
     * @throws NoDeviceException in one line if they have to be on a device that is not there, or that they do not fit on
     * @throws IllegalStateException in one line if a driver fails
     */
    Optional<DeviceStack> place(Transformer transformer);

    /** On one device and nowhere else. */
    static Placement on(DeviceProvider provider, DeviceInfo device) {
        return transformer -> Optional.of(provider.open(device, transformer));
    }
}
