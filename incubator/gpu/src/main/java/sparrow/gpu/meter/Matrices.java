package sparrow.gpu.meter;

import java.util.ArrayList;
import java.util.List;
import sparrow.gpu.device.Device;
import sparrow.gpu.kernel.BareKernels;
import sparrow.gpu.kernel.DeviceMatrix;
import sparrow.tensor.DType;

/**
 * Matrices of one shape and type that take turns, so that none of them is still in a cache when its turn comes.
 *
 * @param all one or more
 */
record Matrices(List<DeviceMatrix> all) implements AutoCloseable {
    /** More are of no use: a device's caches are smaller. */
    private static final int MAX = 64;

    /** As many as fit some bytes, one at least. */
    static Matrices filling(long bytes, Device device, BareKernels kernels, DType type, int rows, int columns) {
        Matrices matrices = new Matrices(new ArrayList<>());
        try {
            long used = 0;
            do {
                DeviceMatrix next = DeviceMatrix.random(device, kernels, type, rows, columns, matrices.count());
                matrices.all.add(next);
                used += next.bytes();
            } while (matrices.count() < MAX && used + matrices.all.getFirst().bytes() <= bytes);
            return matrices;
        } catch (RuntimeException e) {
            matrices.close();
            throw e;
        }
    }

    int count() {
        return all.size();
    }

    /** One of them: each comes again after all the others. */
    DeviceMatrix get(int turn) {
        return all.get(turn % all.size());
    }

    @Override
    public void close() {
        all.forEach(DeviceMatrix::close);
    }
}
