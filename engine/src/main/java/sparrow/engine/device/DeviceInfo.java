package sparrow.engine.device;

/**
 * The properties of a device, as reported by its driver.
 *
 * @param id identifier such as {@code opencl:0}, which consists of the host interface's name and the device's index in
 *     its list, counted from 0
 * @param name name such as {@code NVIDIA H100 80GB HBM3}
 * @param vendor vendor name
 * @param kind kind of device
 * @param memoryBytes device memory in bytes
 * @param largestBytes maximum size of one allocation in bytes
 * @param computeUnits number of units that run work groups in parallel
 * @param host interface to the device and its version, such as {@code OpenCL 3.0}
 * @param driver driver version
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
    /** Returns the name used in reports, such as {@code NVIDIA H100 (OpenCL 3.0)}. */
    public String label() {
        return name + " (" + host + ")";
    }

    /** Kinds of devices. */
    public enum Kind {
        /** A graphics card or a processor's graphics unit. */
        GPU,
        /** The processor. It is slower than this project's kernels, but useful for tests. */
        CPU,
        /** Any other device. */
        OTHER
    }
}
