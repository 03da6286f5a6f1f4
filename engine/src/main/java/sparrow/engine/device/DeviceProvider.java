package sparrow.engine.device;

import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import sparrow.engine.transformer.Transformer;

/**
 * Finds devices with arithmetic of their own, such as graphics cards. The implementation lives in a module of its own,
 * which may be absent; {@link ServiceLoader} finds it.
 */
public interface DeviceProvider {
    /** The beginning of every message about devices. */
    String PREFIX = "gpu: ";

    /**
     * The devices of this machine, in the order in which the system lists them. A processor may be among them
     * ({@link DeviceInfo#kind}).
     *
     * @return one or more
     * @throws NoDeviceException in one line if no driver is there, or none has a device: what was found, and what helps
     * @throws IllegalStateException in one line if a driver fails
     */
    List<DeviceInfo> devices();

    /**
     * Advice in one line if none of the devices is a graphics card.
     *
     * @param found those that are there; may be empty
     */
    String noGpu(List<DeviceInfo> found);

    /**
     * Takes a model's layers and its output matrix to a device.
     *
     * @param device one of {@link #devices}
     * @param transformer whose weights are read as they are stored ({@link sparrow.tensor.kernel.Kernels#view}) as far as
     *     they are to stay in the file's numbers on the device; they must stay open as long as the stack
     * @return the layers there; close it before the weights
     * @throws NoDeviceException in one line if the model cannot run there, or does not fit
     * @throws IllegalStateException in one line if a driver fails
     */
    DeviceStack open(DeviceInfo device, Transformer transformer);

    /** The provider; empty if its module is not there. */
    static Optional<DeviceProvider> find() {
        try {
            return ServiceLoader.load(DeviceProvider.class).findFirst();
        } catch (ServiceConfigurationError e) {
            throw new IllegalStateException(PREFIX + e.getMessage(), e);
        }
    }
}
