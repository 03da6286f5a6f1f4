package sparrow.gpu.device;

/**
 * The use of a device so far.
 *
 * @param launches number of kernels that were enqueued
 * @param waits number of times that a thread waited for all enqueued work
 */
public record DeviceUse(long launches, long waits) {
    /** Returns the sum of this use and another use. */
    public DeviceUse plus(DeviceUse other) {
        return new DeviceUse(launches + other.launches, waits + other.waits);
    }

    /** Returns the use since an earlier value was read. */
    public DeviceUse since(DeviceUse earlier) {
        return new DeviceUse(launches - earlier.launches, waits - earlier.waits);
    }
}
