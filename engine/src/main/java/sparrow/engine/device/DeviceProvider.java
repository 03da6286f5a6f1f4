package sparrow.engine.device;

import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import sparrow.engine.transformer.Transformer;

/**
 * Finds devices that can run a model's layers, such as graphics cards. The implementation is in an optional module and
 * is loaded by {@link ServiceLoader}.
 */
public interface DeviceProvider {
    /** Prefix of every message about devices. */
    String PREFIX = "gpu: ";

    /**
     * Returns this machine's devices in the system's order. The list may include the processor
     * ({@link DeviceInfo#kind}).
     *
     * @return one or more devices
     * @throws NoDeviceException if there is no driver or if no driver has a device
     * @throws IllegalStateException if a driver fails
     */
    List<DeviceInfo> devices();

    /**
     * Returns one line of advice for a machine without a graphics card.
     *
     * @param found devices of the machine, which may be empty
     */
    String noGpu(List<DeviceInfo> found);

    /**
     * Copies a model's layers and output matrix to a device.
     *
     * @param device one of {@link #devices}
     * @param transformer model to copy; weights whose stored number format is retained on the device are views of the
     *     file ({@link sparrow.tensor.kernel.Kernels#view}), which must stay open as long as the stack
     * @return layers on the device, which must be closed before the weights
     * @throws NoDeviceException if the device does not support the model, or the model does not fit
     * @throws IllegalStateException if a driver fails
     */
    DeviceStack open(DeviceInfo device, Transformer transformer);

    /** Finds the provider, or returns empty if the optional module is not installed. */
    static Optional<DeviceProvider> find() {
        try {
            return ServiceLoader.load(DeviceProvider.class).findFirst();
        } catch (ServiceConfigurationError e) {
            throw new IllegalStateException(PREFIX + e.getMessage(), e);
        }
    }
}
