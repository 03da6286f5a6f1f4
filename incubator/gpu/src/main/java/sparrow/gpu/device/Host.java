package sparrow.gpu.device;

import java.util.List;
import sparrow.engine.device.DeviceInfo;

/** An interface of drivers, such as CUDA or OpenCL, that reaches devices of this machine. */
public interface Host {
    /** The devices; one or more. */
    List<DeviceInfo> devices();

    /**
     * Opens a device.
     *
     * @throws IllegalArgumentException if it is none of {@link #devices}
     * @throws DeviceException if the driver cannot
     */
    Device open(DeviceInfo info);
}
