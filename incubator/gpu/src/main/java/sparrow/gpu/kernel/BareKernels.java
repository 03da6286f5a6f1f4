package sparrow.gpu.kernel;

import java.util.List;
import java.util.Objects;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Grid;
import sparrow.gpu.device.Language;

/** Kernels for measurements that do not depend on a model: they fill, read and copy memory, or do nothing. */
public final class BareKernels implements AutoCloseable {
    private static final int ITEMS = DeviceKernels.ITEMS;

    /** Number of work-groups per compute unit, sufficient to keep the device's memory busy. */
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
     * Compiles the kernels for a device.
     *
     * @throws sparrow.gpu.device.DeviceException if the driver cannot compile them; the message is one line
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
     * @param buffer memory of fewer than 2^31 words of 4 bytes
     * @param mask mask of the random bits
     * @param base value of the other bits
     * @param seed seed of the random bits
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

    /** Returns the minimum size of the second argument of {@link #read}, in bytes. */
    public long sumBytes() {
        return (long) Integer.BYTES * grid.columns() * ITEMS;
    }

    /**
     * Reads an entire buffer and writes one word per item.
     *
     * @param buffer memory whose size is a multiple of 16 bytes
     * @param sums memory of at least {@link #sumBytes} for the exclusive or of the words that each item reads
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

    /** Copies the first half of a buffer to the second half. The size of each half must be a multiple of 16 bytes. */
    public void copyHalf(Buffer buffer) {
        kernels.run(COPY, grid, Argument.of(buffer), Argument.of(Math.toIntExact(buffer.bytes() / PIECE / 2)));
    }

    /** Runs a kernel that does nothing. */
    public void nothing() {
        kernels.run(NOTHING, new Grid(1, 1, ITEMS), Argument.of(0));
    }

    @Override
    public void close() {
        kernels.close();
    }
}
