package sparrow.engine.transformer;

import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import sparrow.engine.kernel.LinearOffload;

/**
 * Finds devices with arithmetic of their own, such as graphics cards. The implementation lives in a module of its own,
 * which may be absent; {@link ServiceLoader} finds it.
 */
public interface DeviceProvider {
    /**
     * The devices of this machine, in the order in which the system lists them. Their own kind says whether they are what
     * was meant: a processor may be among them.
     *
     * @return one or more
     * @throws NoDeviceException in one line if nothing is there to ask, or nothing answers: what was found, and what helps
     * @throws IllegalStateException in one line if a driver fails
     */
    List<DeviceFacts> devices();

    /**
     * What helps where none of the devices is a graphics card.
     *
     * @param found those that are there; may be empty
     */
    String noGpu(List<DeviceFacts> found);

    /**
     * Takes a model's layers and its output matrix to a device.
     *
     * @param device one of {@link #devices}
     * @param transformer whose weights are read as they are stored ({@link sparrow.engine.kernel.Kernels#view}) as far as
     *     they are to stay in the file's numbers on the device; they must stay open as long as the stack
     * @return the layers there; close it before the weights
     * @throws NoDeviceException in one line if the model cannot run there, or does not fit
     * @throws IllegalStateException in one line if a driver fails
     */
    LayerStack open(DeviceFacts device, Transformer transformer);

    /**
     * Opens a device once more, for single linear layers of other networks than the one whose layers it computes.
     *
     * @param device one of {@link #devices}
     * @param room bytes that they may take there
     * @return empty where nobody can gain by it: the device is this machine's processor, or there is no room
     * @throws NoDeviceException in one line if they cannot run there
     * @throws IllegalStateException in one line if a driver fails
     */
    default Optional<LinearOffload> offload(DeviceFacts device, long room) {
        return Optional.empty();
    }

    /**
     * Opens a device to measure it, beside the models that are there.
     *
     * @param device one of {@link #devices}
     * @param bytes of memory to measure over, at most
     * @return empty if this provider measures nothing
     * @throws IllegalStateException in one line if a driver fails
     */
    default Optional<DeviceMeter> meter(DeviceFacts device, long bytes) {
        return Optional.empty();
    }

    /** The provider; empty if its module is not there. */
    static Optional<DeviceProvider> find() {
        try {
            return ServiceLoader.load(DeviceProvider.class).findFirst();
        } catch (ServiceConfigurationError e) {
            throw new IllegalStateException(DeviceChoice.PREFIX + e.getMessage(), e);
        }
    }
}
