package sparrow.gpu.device;

import java.util.List;
import sparrow.engine.device.DeviceInfo;

/** A driver interface, such as CUDA or OpenCL, that provides access to devices of this machine. */
public interface Host {
    /** Returns the devices of this host, at least one. */
    List<DeviceInfo> devices();

    /**
     * Opens a device.
     *
     * @throws IllegalArgumentException if the device is not one of {@link #devices}
     * @throws DeviceException if the driver cannot open it
     */
    Device open(DeviceInfo info);
}
