package sparrow.gpu.opencl;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import sparrow.gpu.device.Buffer;

/** A {@code cl_mem}. */
final class OpenClBuffer extends Handle implements Buffer {
    private final long bytes;

    OpenClBuffer(OpenClDevice device, Creations.Release release, MemorySegment address, long bytes) {
        super(device, "a buffer of " + bytes + " bytes", release, address);
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
