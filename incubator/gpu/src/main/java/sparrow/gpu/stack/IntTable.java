package sparrow.gpu.stack;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;

/** A list of ints that is filled on the host, and then written to a device at once. */
final class IntTable implements AutoCloseable {
    private static final int FIRST = 64;

    /** Initial size on the device, in bytes. */
    static final long FIRST_BYTES = (long) Integer.BYTES * FIRST;

    private final Device device;
    private int[] values = new int[FIRST];
    private int size;
    private Buffer buffer;

    IntTable(Device device) {
        this(device, device.allocate(FIRST_BYTES));
    }

    /**
     * Creates an empty table.
     *
     * @param buffer buffer of {@link #FIRST_BYTES}, closed with the table
     */
    IntTable(Device device, Buffer buffer) {
        this.device = device;
        this.buffer = buffer;
    }

    void clear() {
        size = 0;
    }

    /** Returns the number of ints, which is the index of the next int. */
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

    /** Writes the ints to the device. May return before the write is done. */
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
