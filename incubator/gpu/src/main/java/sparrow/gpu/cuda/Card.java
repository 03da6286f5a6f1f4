package sparrow.gpu.cuda;

import java.util.Set;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceInfo.Kind;
import sparrow.gpu.device.Language;
import sparrow.gpu.driver.Traits;

/**
 * A device listed by the driver and supported by the compiler.
 *
 * @param device the driver's number for the device
 */
record Card(int device, Architecture architecture, Traits traits) {
    /**
     * Reads a device's properties from the driver.
     *
     * @param index index in the driver's list, from 0
     * @param host name of the host, such as {@code CUDA 13.0}
     * @param driver version of the driver
     */
    static Card of(CudaQueries queries, int index, Architecture architecture, String host, String driver) {
        int device = queries.device(index);
        long memory = queries.memory(device);
        DeviceInfo info = new DeviceInfo(
                "cuda:" + index,
                queries.name(device),
                "NVIDIA Corporation",
                Kind.GPU,
                memory,
                // CUDA has no separate limit for the size of an allocation.
                memory,
                queries.attribute(device, CudaQueries.COMPUTE_UNITS),
                host,
                driver);
        int largestGroup = queries.attribute(device, CudaQueries.LARGEST_GROUP);
        return new Card(
                device,
                architecture,
                new Traits(info, Language.CUDA, Set.of(), architecture.multipliesBf16(), largestGroup));
    }

    /** Returns the compute capability times 10. */
    static int capability(CudaQueries queries, int device) {
        return 10 * queries.attribute(device, CudaQueries.CAPABILITY_MAJOR)
                + queries.attribute(device, CudaQueries.CAPABILITY_MINOR);
    }

    DeviceInfo info() {
        return traits.info();
    }
}
