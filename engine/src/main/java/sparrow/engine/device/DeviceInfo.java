package sparrow.engine.device;

/**
 * The properties of a device, as its driver reports them.
 *
 * @param id identifier such as {@code opencl:0}: the name of the host interface, and the index of the device in its
 *     list, from 0
 * @param name name such as {@code NVIDIA H100 80GB HBM3}
 * @param vendor name of the vendor
 * @param kind kind of device
 * @param memoryBytes memory of the device in bytes
 * @param largestBytes maximum size of one allocation in bytes
 * @param computeUnits number of units that run work groups in parallel
 * @param host interface to the device and its version, such as {@code OpenCL 3.0}
 * @param driver version of the driver
 */
public record DeviceInfo(
        String id,
        String name,
        String vendor,
        Kind kind,
        long memoryBytes,
        long largestBytes,
        int computeUnits,
        String host,
        String driver) {
    /** The name in reports, such as {@code NVIDIA H100 (OpenCL 3.0)}. */
    public String label() {
        return name + " (" + host + ")";
    }

    /** Kinds of devices. */
    public enum Kind {
        /** A graphics card, or the graphics unit of a processor. */
        GPU,
        /** The processor; slower than the kernels of this project, but useful for tests. */
        CPU,
        /** Anything else. */
        OTHER
    }
}
