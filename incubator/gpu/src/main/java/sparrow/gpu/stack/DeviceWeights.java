package sparrow.gpu.stack;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.TreeMap;
import sparrow.engine.transformer.Linear;
import sparrow.gpu.device.Device;
import sparrow.gpu.kernel.DeviceMatrix;
import sparrow.gpu.kernel.DeviceRows;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;

/**
 * Uploads weights to a device: in their stored format if they are views of a file, otherwise as f32. Uploaded head
 * matrices are registered by address, so that a matrix is uploaded once even if several heads use all or some of its
 * rows.
 */
final class DeviceWeights {
    private final Device device;
    private final Kernels kernels;
    private final TreeMap<Long, Uploaded> shared = new TreeMap<>();

    /** A stored matrix and its copy on the device. */
    private record Uploaded(Matrix stored, DeviceMatrix matrix) {}

    /**
     * Creates an uploader for a device.
     *
     * @param kernels kernels that loaded the weights
     */
    DeviceWeights(Device device, Kernels kernels) {
        this.device = device;
        this.kernels = kernels;
    }

    /** Uploads a vector as one row. */
    DeviceRows row(float[] values) {
        DeviceRows row = DeviceRows.allocate(device, 1, values.length);
        row.write(0, values, 0);
        return row;
    }

    /** Uploads layers with a common input. Consecutive layers of one type are combined into one matrix. */
    DeviceLinear linear(Linear... linears) {
        List<DeviceLinear.Part> parts = new ArrayList<>();
        for (int first = 0; first < linears.length; ) {
            int end = first + 1;
            while (end < linears.length && alike(linears[first], linears[end])) end++;
            List<Linear> some = List.of(linears).subList(first, end);
            parts.add(new DeviceLinear.Part(
                    upload(some.stream().map(Linear::weight).toList()), bias(some)));
            first = end;
        }
        return new DeviceLinear(List.copyOf(parts));
    }

    private static boolean alike(Linear a, Linear b) {
        return type(a.weight()).equals(type(b.weight()));
    }

    /** Returns the type of the uploaded numbers, or empty if the weight is uploaded as f32. */
    private static Optional<DType> type(Weight weight) {
        return weight.stored().map(Matrix::dtype);
    }

    /** Uploads the biases, one after another, with zeros for layers without a bias. */
    private Optional<DeviceRows> bias(List<Linear> linears) {
        if (linears.stream().allMatch(linear -> linear.bias() == null)) return Optional.empty();
        float[] all = new float
                [linears.stream().mapToInt(linear -> linear.weight().rows()).sum()];
        int at = 0;
        for (Linear linear : linears) {
            int rows = linear.weight().rows();
            if (linear.bias() != null) System.arraycopy(linear.bias(), 0, all, at, rows);
            at += rows;
        }
        return Optional.of(row(all));
    }

    private DeviceMatrix upload(List<Weight> weights) {
        if (weights.getFirst().stored().isPresent()) {
            return DeviceMatrix.upload(
                    device,
                    weights.stream()
                            .map(weight -> weight.stored().orElseThrow())
                            .toList());
        }
        try (Arena arena = Arena.ofConfined()) {
            return DeviceMatrix.upload(
                    device,
                    weights.stream().map(weight -> unpacked(weight, arena)).toList());
        }
    }

    private Matrix unpacked(Weight weight, Arena arena) {
        float[] values = new float[Math.multiplyExact(weight.rows(), weight.columns())];
        kernels.unpack(weight, Block.of(values, weight.rows(), weight.columns()));
        return Matrix.copyOf(values, weight.rows(), weight.columns(), arena);
    }

    /**
     * Uploads a matrix, or returns a view of a registered matrix. A matrix that is a view of a file is registered, and
     * is not released before the device.
     */
    DeviceMatrix shared(Weight weight) {
        Optional<Matrix> stored = weight.stored();
        if (stored.isEmpty()) return upload(List.of(weight));
        Matrix matrix = stored.get();
        long address = matrix.data().address();
        Entry<Long, Uploaded> below = shared.floorEntry(address);
        if (below != null && holds(below.getValue().stored, matrix)) {
            long first = (address - below.getKey()) / matrix.rowBytes();
            return below.getValue().matrix.rows((int) first, matrix.rows());
        }
        DeviceMatrix uploaded = upload(List.of(weight));
        shared.put(address, new Uploaded(matrix, uploaded));
        return uploaded.rows(0, uploaded.rows());
    }

    /** Returns whether a matrix consists of rows of another matrix whose address is not higher. */
    private static boolean holds(Matrix whole, Matrix part) {
        long from = part.data().address() - whole.data().address();
        // The address range of a closed file may be reused by another file.
        return whole.data().scope().isAlive()
                && whole.dtype() == part.dtype()
                && whole.columns() == part.columns()
                && from % whole.rowBytes() == 0
                && from + part.data().byteSize() <= whole.data().byteSize();
    }
}
