package sparrow.engine.device;

import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import sparrow.engine.transformer.Transformer;

/**
 * Finds devices that can run the layers of a model, such as graphics cards. The implementation is in an optional
 * module, which {@link ServiceLoader} finds.
 */
public interface DeviceProvider {
    /** Prefix of every message about devices. */
    String PREFIX = "gpu: ";

    /**
     * Returns the devices of this machine, in the order in which the system lists them. They may include the processor
     * ({@link DeviceInfo#kind}).
     *
     * @return one device or more
     * @throws NoDeviceException if there is no driver, or no driver has a device
     * @throws IllegalStateException if a driver fails
     */
    List<DeviceInfo> devices();

    /**
     * Returns advice, in one line, for a machine without a graphics card.
     *
     * @param found devices of the machine; may be empty
     */
    String noGpu(List<DeviceInfo> found);

    /**
     * Copies the layers and the output matrix of a model to a device.
     *
     * @param device one of {@link #devices}
     * @param transformer the model; weights that keep their stored number format on the device are views of the file
     *     ({@link sparrow.tensor.kernel.Kernels#view}), which must stay open as long as the stack
     * @return the layers on the device; must be closed before the weights
     * @throws NoDeviceException if the device does not support the model, or the model does not fit
     * @throws IllegalStateException if a driver fails
     */
    DeviceStack open(DeviceInfo device, Transformer transformer);

    /** Finds the provider; empty if the optional module is absent. */
    static Optional<DeviceProvider> find() {
        try {
            return ServiceLoader.load(DeviceProvider.class).findFirst();
        } catch (ServiceConfigurationError e) {
            throw new IllegalStateException(PREFIX + e.getMessage(), e);
        }
    }
}
