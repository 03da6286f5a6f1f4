package sparrow.gpu.offload;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.LinearOffload;
import sparrow.engine.tensor.DType;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.transformer.DeviceChoice;
import sparrow.engine.transformer.LostDeviceException;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.device.NoMemoryException;
import sparrow.gpu.kernel.DeviceKernels;
import sparrow.gpu.kernel.DeviceMatrix;
import sparrow.gpu.kernel.DeviceRows;

/**
 * Linear layers on a device of their own queue. Rows go over and back in pieces, for which there is memory from the
 * beginning.
 */
public final class DeviceOffload implements LinearOffload {
    /** Numbers of x, and of y, that are on the device at a time. */
    private static final int PIECE = 8 << 20;

    /** Rows of a piece of the widest matrix that is held. */
    private static final int LEAST_ROWS = 64;

    /** The most outputs, or inputs, of a matrix that is held. */
    private static final int WIDEST = PIECE / LEAST_ROWS;

    /** Bytes of the pieces and, about, of all that a device keeps beside weights. */
    private static final long WORKING = 3L * Float.BYTES * PIECE;

    /** Bytes below which a device holds next to no matrices. */
    public static final long LEAST_ROOM = 2 * WORKING;

    private final Device device;
    private final DeviceKernels kernels;
    private final Buffer inputs;
    private final Buffer outputs;
    private final DeviceRows bias;
    private final HostRows host = new HostRows(PIECE);
    private long room;

    /** What happened to the device; null as long as nothing did. */
    private DeviceException lost;

    private boolean closed;

    private DeviceOffload(Device device, long room) {
        this.device = device;
        this.room = room - WORKING;
        this.kernels = DeviceKernels.buildInF32(device);
        this.inputs = device.allocate((long) Float.BYTES * PIECE);
        this.outputs = device.allocate((long) Float.BYTES * PIECE);
        this.bias = DeviceRows.allocate(device, 1, WIDEST);
        device.queue().finish();
    }

    /**
     * Gets a device ready, which takes some seconds where the driver has to compile the kernels.
     *
     * @param device that is open; it is closed with this, and if this fails
     * @param room bytes that may be used there
     * @throws DeviceException in one line if it cannot run there
     */
    public static DeviceOffload open(Device device, long room) {
        try {
            return new DeviceOffload(device, room);
        } catch (RuntimeException | Error e) {
            device.close();
            throw e;
        }
    }

    private record Matrices(DeviceMatrix matrix) implements Held {
        @Override
        public Held rows(int from, int to) {
            return new Matrices(matrix.rows(from, to - from));
        }
    }

    /** Not those of q4_0, for which the kernels round x as the CPU does for few rows only. */
    @Override
    public synchronized Optional<Held> hold(Matrix w) {
        boolean taken = w.dtype() != DType.Q4_0 && Math.max(w.rows(), w.columns()) <= WIDEST;
        if (!taken || lost != null || closed || DeviceMatrix.bytes(w) > room) return Optional.empty();
        try {
            DeviceMatrix matrix = DeviceMatrix.upload(device, w);
            // Where memory is given on first use, this is it.
            device.queue().finish();
            room -= matrix.bytes();
            return Optional.of(new Matrices(matrix));
        } catch (DeviceException e) {
            // Somebody else has the memory.
            room = 0;
            return Optional.empty();
        }
    }

    @Override
    public synchronized void linear(Block x, List<Product> products) {
        if (closed) throw new IllegalStateException("the model is closed");
        if (lost != null) throw new LostDeviceException(device.facts(), lost);
        int widest = HostRows.pitch(x.columns());
        for (Product product : products) widest = Math.max(widest, product.y().columns());
        int most = PIECE / widest;
        try {
            for (int first = 0; first < x.rows(); first += most) {
                multiply(x, products, first, Math.min(x.rows(), first + most));
            }
        } catch (NoMemoryException e) {
            // A driver may need some for a launch; what is here stays.
            throw new IllegalStateException(DeviceChoice.PREFIX + e.getMessage(), e);
        } catch (DeviceException e) {
            lost = e;
            throw new LostDeviceException(device.facts(), e);
        }
    }

    /** Rows {@code from} to {@code to}, which fit the pieces. */
    private void multiply(Block x, List<Product> products, int from, int to) {
        HostRows.Span span = host.span(x.rows(from, to));
        device.queue().write(inputs, 0, span.numbers());
        DeviceRows there = DeviceRows.in(device, inputs, to - from, x.columns(), span.pitch());
        for (Product product : products) {
            DeviceMatrix w = ((Matrices) product.weight()).matrix;
            DeviceRows y = DeviceRows.in(device, outputs, to - from, w.rows(), w.rows());
            kernels.linear(w, uploaded(product.bias()), there, y);
            host.take(product.y().rows(from, to), numbers -> device.queue().read(outputs, 0, numbers));
        }
    }

    private Optional<DeviceRows> uploaded(float[] values) {
        if (values == null) return Optional.empty();
        DeviceRows row = bias.columns(0, values.length);
        row.write(0, values, 0);
        return Optional.of(row);
    }

    @Override
    public String arithmetic() {
        return device.facts().host().split(" ")[0].toLowerCase(Locale.ROOT);
    }

    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        try {
            device.close();
        } catch (DeviceException e) {
            // Whoever used it knows by now; a driver that is gone has taken its memory along.
            if (lost == null) throw e;
        }
    }
}
