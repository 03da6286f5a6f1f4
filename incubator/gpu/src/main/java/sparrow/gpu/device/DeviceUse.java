package sparrow.gpu.device;

/**
 * What was asked of a device so far.
 *
 * @param launches kernels that were enqueued
 * @param waits times that somebody waited until the device was through with what was enqueued
 */
public record DeviceUse(long launches, long waits) {
    /** This and something else that was asked. */
    public DeviceUse plus(DeviceUse other) {
        return new DeviceUse(launches + other.launches, waits + other.waits);
    }

    /** What was asked since an earlier moment. */
    public DeviceUse since(DeviceUse earlier) {
        return new DeviceUse(launches - earlier.launches, waits - earlier.waits);
    }
}
