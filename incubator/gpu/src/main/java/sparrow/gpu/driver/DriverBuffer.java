package sparrow.gpu.driver;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import sparrow.gpu.device.Buffer;

/** Memory of a driver. */
final class DriverBuffer extends Handle implements Buffer {
    private final long bytes;

    DriverBuffer(DriverDevice device, MemorySegment address, long bytes) {
        super(device, "a buffer of " + bytes + " bytes", device.driver()::free, address);
        this.bytes = bytes;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** @throws IndexOutOfBoundsException if so many bytes from {@code at} on do not lie within it */
    void check(long at, long count) {
        Objects.checkFromIndexSize(at, count, bytes);
    }
}
