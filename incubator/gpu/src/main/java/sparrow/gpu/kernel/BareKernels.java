package sparrow.gpu.kernel;

import java.util.List;
import java.util.Objects;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Grid;
import sparrow.gpu.device.Language;

/** Kernels that belong to no model: they fill, read and copy memory, or do nothing, and are for measuring. */
public final class BareKernels implements AutoCloseable {
    private static final int ITEMS = DeviceKernels.ITEMS;

    /** Work-groups for each part of the device that runs groups side by side: enough to keep its memory busy. */
    private static final int GROUPS = 16;

    private static final int PIECE = StoredType.PIECE;
    private static final String RANDOM = "random_words";
    private static final String READ = "read_words";
    private static final String COPY = "copy_words";
    private static final String NOTHING = "nothing";

    private final CompiledKernels kernels;
    private final Grid grid;

    private BareKernels(CompiledKernels kernels) {
        this.kernels = kernels;
        int units = Math.clamp(kernels.device().info().computeUnits(), 1, 1 << 12);
        this.grid = new Grid(GROUPS * units, 1, ITEMS);
    }

    /**
     * Compiles them.
     *
     * @throws sparrow.gpu.device.DeviceException in one line if the driver cannot
     */
    public static BareKernels build(Device device) {
        return new BareKernels(CompiledKernels.build(
                device, "the kernels of measurements", text(device.language()), List.of(RANDOM, READ, COPY, NOTHING)));
    }

    static String text(Language language) {
        KernelText text = new KernelText(language, Lanes.LOCAL, 1);
        for (String name : List.of(RANDOM, READ, COPY, NOTHING)) {
            text.with(name, name + ".cl", DeviceKernels.items());
        }
        return text.toString();
    }

    /**
     * Fills memory with words of random bits.
     *
     * @param buffer whole words of 4 bytes, fewer than 2^31
     * @param mask bits that are random
     * @param base the other bits
     * @param seed the same one gives the same words
     */
    public void random(Buffer buffer, int mask, int base, int seed) {
        kernels.run(
                RANDOM,
                grid,
                Argument.of(buffer),
                Argument.of(Math.toIntExact(buffer.bytes() / Integer.BYTES)),
                Argument.of(mask),
                Argument.of(base),
                Argument.of(seed));
    }

    /** Bytes that {@link #read} needs to write to. */
    public long sumBytes() {
        return (long) Integer.BYTES * grid.columns() * ITEMS;
    }

    /**
     * Reads all of some memory and writes a word for each item.
     *
     * @param buffer whole pieces of 16 bytes
     * @param sums {@link #sumBytes} at least: for each item the exclusive or of the words that it read
     */
    public void read(Buffer buffer, Buffer sums) {
        Objects.checkFromIndexSize(0, sumBytes(), sums.bytes());
        kernels.run(
                READ,
                grid,
                Argument.of(buffer),
                Argument.of(Math.toIntExact(buffer.bytes() / PIECE)),
                Argument.of(sums));
    }

    /** Copies the first half of some memory to the second; both are whole pieces of 16 bytes. */
    public void copyHalf(Buffer buffer) {
        kernels.run(COPY, grid, Argument.of(buffer), Argument.of(Math.toIntExact(buffer.bytes() / PIECE / 2)));
    }

    /** Does nothing. */
    public void nothing() {
        kernels.run(NOTHING, new Grid(1, 1, ITEMS), Argument.of(0));
    }

    @Override
    public void close() {
        kernels.close();
    }
}
