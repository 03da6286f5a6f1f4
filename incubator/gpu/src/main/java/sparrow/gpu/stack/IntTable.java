package sparrow.gpu.stack;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;

/** A list of ints that is put together here and then written to a device at once. */
final class IntTable implements AutoCloseable {
    private static final int FIRST = 64;

    /** Bytes that it takes on the device at first. */
    static final long FIRST_BYTES = (long) Integer.BYTES * FIRST;

    private final Device device;
    private int[] values = new int[FIRST];
    private int size;
    private Buffer buffer;

    IntTable(Device device) {
        this(device, device.allocate(FIRST_BYTES));
    }

    /** @param buffer of {@link #FIRST_BYTES}; closed with the table */
    IntTable(Device device, Buffer buffer) {
        this.device = device;
        this.buffer = buffer;
    }

    void clear() {
        size = 0;
    }

    /** Ints in it: the index of the next one. */
    int size() {
        return size;
    }

    void add(int value) {
        if (size == values.length) values = Arrays.copyOf(values, 2 * size);
        values[size++] = value;
    }

    void set(int index, int value) {
        values[index] = value;
    }

    /** Writes them to the device; may return before it is done. */
    Buffer write() {
        if (buffer.bytes() < (long) Integer.BYTES * size) {
            Buffer larger = device.allocate((long) Integer.BYTES * values.length);
            buffer.close();
            buffer = larger;
        }
        device.queue().write(buffer, 0, MemorySegment.ofArray(values).asSlice(0, (long) Integer.BYTES * size));
        return buffer;
    }

    @Override
    public void close() {
        buffer.close();
    }
}
