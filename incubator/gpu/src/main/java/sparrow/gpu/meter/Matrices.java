package sparrow.gpu.meter;

import java.util.ArrayList;
import java.util.List;
import sparrow.gpu.device.Device;
import sparrow.gpu.kernel.BareKernels;
import sparrow.gpu.kernel.DeviceMatrix;
import sparrow.tensor.DType;

/**
 * Matrices of one shape and type that are used alternately, so that no matrix is in a cache when it is used again.
 *
 * @param all the matrices, one or more
 */
record Matrices(List<DeviceMatrix> all) implements AutoCloseable {
    /** Maximum number of matrices. Additional matrices would have no effect because caches are smaller. */
    private static final int MAX = 64;

    /** Creates as many matrices as fit in the given number of bytes, but at least one. */
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

    /** Returns the matrix for a turn. Consecutive turns use different matrices in rotation. */
    DeviceMatrix get(int turn) {
        return all.get(turn % all.size());
    }

    @Override
    public void close() {
        all.forEach(DeviceMatrix::close);
    }
}
