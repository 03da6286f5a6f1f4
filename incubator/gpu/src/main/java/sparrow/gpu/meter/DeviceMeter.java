package sparrow.gpu.meter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.kernel.BareKernels;
import sparrow.gpu.kernel.DeviceKernels;
import sparrow.gpu.kernel.DeviceRows;
import sparrow.tensor.DType;

/**
 * Measures a device without a model, for comparison with passes of a model. A memory measurement allocates memory,
 * fills it with random numbers, and releases it at the end. Each measurement runs the work once as a warm-up, and every
 * timed run ends with a wait. Not thread-safe.
 */
public final class DeviceMeter implements AutoCloseable {
    /** Number of kernels per wait, so that the time of the wait is negligible. */
    private static final int REPEATS = 8;

    private static final int SEED = 1;
    private static final long PIECES = 32;
    private static final long MIN = 1 << 20;

    private final Device device;
    private final BareKernels bare;
    private Optional<DeviceKernels> layers = Optional.empty();
    private final long bytes;

    private DeviceMeter(Device device, long bytes) {
        this.device = device;
        this.bare = BareKernels.build(device);
        this.bytes = available(bytes);
    }

    /**
     * Creates a meter that owns a device. The device is closed with the meter, or if this method fails.
     *
     * @param bytes maximum memory size for measurements in bytes
     */
    public static DeviceMeter open(Device device, long bytes) {
        try {
            return new DeviceMeter(device, bytes);
        } catch (RuntimeException | Error e) {
            device.close();
            throw e;
        }
    }

    /** Returns the size of the memory that the device can allocate. The size is halved until an allocation succeeds. */
    private long available(long wanted) {
        long least = Math.min(wanted, MIN);
        long some = Math.min(wanted, device.info().largestBytes()) / PIECES * PIECES;
        while (true) {
            try (Buffer memory = device.allocate(Math.max(some, PIECES))) {
                // Some drivers allocate memory on first use, which can fail.
                bare.random(memory, -1, 0, SEED);
                device.queue().finish();
                return memory.bytes();
            } catch (DeviceException e) {
                if (some / 2 < least) throw e;
                some = some / 2 / PIECES * PIECES;
            }
        }
    }

    /**
     * Returns the size of the memory used by {@link #read} and {@link #copy}, in bytes. The size is smaller than
     * requested if the device has less memory.
     */
    public long bytes() {
        return bytes;
    }

    /**
     * Measures the speed of a kernel that reads the entire memory and writes nothing. No matrix product is faster.
     *
     * @param times number of measurements, 1 or more
     * @return bytes per second for each measurement
     */
    public List<Double> read(int times) {
        try (Buffer memory = device.allocate(bytes);
                Buffer sums = device.allocate(bare.sumBytes())) {
            bare.random(memory, -1, 0, SEED);
            return perSecond(bytes, seconds(REPEATS, times, i -> bare.read(memory, sums)));
        }
    }

    /**
     * Measures the speed of a kernel that copies one half of the memory to the other.
     *
     * @return bytes per second for each measurement, counting bytes read and written
     */
    public List<Double> copy(int times) {
        try (Buffer memory = device.allocate(bytes)) {
            bare.random(memory, -1, 0, SEED);
            return perSecond(bytes, seconds(REPEATS, times, i -> bare.copyHalf(memory)));
        }
    }

    private static List<Double> perSecond(long bytes, List<Double> seconds) {
        return seconds.stream().map(each -> bytes / each).toList();
    }

    /**
     * Measures the average time of launches of an empty kernel.
     *
     * @param launches number of launches before the wait
     * @return seconds per launch for each measurement
     */
    public List<Double> launch(int launches, int times) {
        return seconds(launches, times, i -> bare.nothing());
    }

    /** Measures the time from the launch of an empty kernel until the host is notified of its end, in seconds. */
    public List<Double> roundTrip(int times) {
        return seconds(1, times, i -> bare.nothing());
    }

    /**
     * Measures the time of a product of rows and a matrix. Consecutive products use different matrices of the given
     * shape, as many as fit in the memory, so that no matrix is in a cache.
     *
     * @param type type of the matrix: f32, f16, bf16, q8_0 or q4_0
     * @param outputs number of matrix rows, 1 or more; the matrix must fit in the memory
     * @param inputs number of matrix columns, a multiple of the block size
     * @param rows number of rows multiplied in one launch, 1 or more
     * @return seconds per product for each measurement
     */
    public List<Double> product(DType type, int outputs, int inputs, int rows, int times) {
        if (layers.isEmpty()) layers = Optional.of(DeviceKernels.build(device));
        DeviceKernels kernels = layers.get();
        try (DeviceRows x = DeviceRows.allocate(device, rows, inputs);
                DeviceRows y = DeviceRows.allocate(device, rows, outputs);
                Matrices matrices = Matrices.filling(bytes, device, bare, type, outputs, inputs)) {
            for (int r = 0; r < rows; r++) x.write(r, ones(inputs), 0);
            int products = Math.max(REPEATS, matrices.count());
            return seconds(products, times, i -> kernels.linear(matrices.get(i), Optional.empty(), x, y));
        }
    }

    private static float[] ones(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = i % 2 == 0 ? 1 : -1;
        return values;
    }

    /** A function that enqueues the i-th repetition of the measured work. */
    private interface Enqueued {
        void enqueue(int i);
    }

    /** Returns the average time of {@code repeats} launches, in seconds, including the wait after the last launch. */
    private List<Double> seconds(int repeats, int times, Enqueued something) {
        List<Double> seconds = new ArrayList<>();
        for (int time = 0; time <= times; time++) {
            device.queue().finish();
            long start = System.nanoTime();
            for (int i = 0; i < repeats; i++) something.enqueue(i);
            device.queue().finish();
            double taken = (System.nanoTime() - start) / 1e9;
            if (time > 0) seconds.add(taken / repeats);
        }
        return seconds;
    }

    @Override
    public void close() {
        device.close();
    }
}
