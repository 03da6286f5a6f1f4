package sparrow.engine.device;

/**
 * The properties of a device, as its driver reports them.
 *
 * @param id what it is asked for by, {@code opencl:0}: the host's name and the device's place in its list, from 0
 * @param name such as {@code NVIDIA H100 80GB HBM3}
 * @param vendor in its own words
 * @param kind whether it is a graphics card
 * @param memoryBytes memory of the device
 * @param largestBytes maximum size of one allocation
 * @param computeUnits parts that run groups of work items side by side
 * @param host what reaches it and which version, {@code OpenCL 3.0}
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
    /** As reports name it: {@code NVIDIA H100 (OpenCL 3.0)}. */
    public String label() {
        return name + " (" + host + ")";
    }

    /** Kinds of devices. */
    public enum Kind {
        /** A graphics card, or the part of a processor that draws. */
        GPU,
        /** The processor itself; slower than the kernels of this project, and of use for tests. */
        CPU,
        /** Anything else. */
        OTHER
    }
}
