package sparrow.gpu.driver;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import sparrow.gpu.device.Buffer;

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

    /**
     * Checks that a range is within the buffer.
     *
     * @throws IndexOutOfBoundsException if the range of {@code count} bytes from {@code at} is not within the buffer
     */
    void check(long at, long count) {
        Objects.checkFromIndexSize(at, count, bytes);
    }
}
