package sparrow.gpu.device;

/**
 * The use of a device so far.
 *
 * @param launches kernels that were enqueued
 * @param waits times that a thread waited until the device had done all enqueued work
 */
public record DeviceUse(long launches, long waits) {
    /** The sum of this use and another. */
    public DeviceUse plus(DeviceUse other) {
        return new DeviceUse(launches + other.launches, waits + other.waits);
    }

    /** The use since an earlier moment. */
    public DeviceUse since(DeviceUse earlier) {
        return new DeviceUse(launches - earlier.launches, waits - earlier.waits);
    }
}
