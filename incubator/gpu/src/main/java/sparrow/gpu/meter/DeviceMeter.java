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
 * Measures a device alone, without a model, for comparison with passes of a model. A measurement of memory takes memory full of
 * random numbers, and gives it back. The measured work runs once before it counts, and each time that counts ends with a wait.
 * For one thread at a time.
 */
public final class DeviceMeter implements AutoCloseable {
    /** Kernels before a wait: their time is long beside that of the wait. */
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
     * Takes a device over, which is closed with the meter, and if this fails.
     *
     * @param bytes to measure over at most
     */
    public static DeviceMeter open(Device device, long bytes) {
        try {
            return new DeviceMeter(device, bytes);
        } catch (RuntimeException | Error e) {
            device.close();
            throw e;
        }
    }

    /** Bytes that the device has, at most so many: half of them as often as it refuses. */
    private long available(long wanted) {
        long least = Math.min(wanted, MIN);
        long some = Math.min(wanted, device.info().largestBytes()) / PIECES * PIECES;
        while (true) {
            try (Buffer memory = device.allocate(Math.max(some, PIECES))) {
                // Memory that was promised only may turn out not to be there.
                bare.random(memory, -1, 0, SEED);
                device.queue().finish();
                return memory.bytes();
            } catch (DeviceException e) {
                if (some / 2 < least) throw e;
                some = some / 2 / PIECES * PIECES;
            }
        }
    }

    /** Bytes of its memory, over which {@link #read} and {@link #copy} go: less than was asked for if the device has less. */
    public long bytes() {
        return bytes;
    }

    /**
     * Bytes a second of a kernel that reads all of the memory and writes nothing: no product with a matrix is faster.
     *
     * @param times that it is measured, 1 or more
     * @return one value for each
     */
    public List<Double> read(int times) {
        try (Buffer memory = device.allocate(bytes);
                Buffer sums = device.allocate(bare.sumBytes())) {
            bare.random(memory, -1, 0, SEED);
            return perSecond(bytes, seconds(REPEATS, times, i -> bare.read(memory, sums)));
        }
    }

    /** Bytes a second, those read and those written together, of a kernel that copies half of the memory to the other. */
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
     * Seconds of a launch of a kernel that does nothing, as one of many.
     *
     * @param launches that are enqueued before the wait
     */
    public List<Double> launch(int launches, int times) {
        return seconds(launches, times, i -> bare.nothing());
    }

    /** Seconds from the launch of a kernel that does nothing until the host knows that it has ended. */
    public List<Double> roundTrip(int times) {
        return seconds(1, times, i -> bare.nothing());
    }

    /**
     * Seconds of a product of rows with a matrix. As many matrices of the shape as fit the memory take turns, so that none of
     * them is still in a cache.
     *
     * @param type of the matrix: f32, f16, bf16, q8_0 or q4_0
     * @param outputs its rows, 1 or more, so many that the matrix fits the memory
     * @param inputs its columns, whole blocks
     * @param rows that are multiplied with it in one launch, 1 or more
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

    /** Work that is enqueued for the i-th time. */
    private interface Enqueued {
        void enqueue(int i);
    }

    /** Seconds of one of {@code repeats} launches, each time from the first to the wait after the last. */
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
