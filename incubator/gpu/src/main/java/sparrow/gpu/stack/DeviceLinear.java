package sparrow.gpu.stack;

import java.util.List;
import java.util.Optional;
import sparrow.gpu.kernel.DeviceKernels;
import sparrow.gpu.kernel.DeviceMatrix;
import sparrow.gpu.kernel.DeviceRows;

/**
 * Linear layers with a common input, combined into one layer on a device. Their outputs are stored side by side.
 *
 * @param parts parts of the layer, more than one only if types differ
 */
record DeviceLinear(List<Part> parts) implements AutoCloseable {
    /**
     * A part that computes consecutive outputs of the layer.
     *
     * @param bias [1, rows of the matrix]
     */
    record Part(DeviceMatrix matrix, Optional<DeviceRows> bias) {}

    /** Computes y = x w^T + bias. */
    void apply(DeviceKernels kernels, DeviceRows x, DeviceRows y) {
        int column = 0;
        for (Part part : parts) {
            kernels.linear(part.matrix, part.bias, x, y.columns(column, part.matrix.rows()));
            column += part.matrix.rows();
        }
    }

    /** Computes y += x w^T + bias. */
    void add(DeviceKernels kernels, DeviceRows x, DeviceRows y) {
        int column = 0;
        for (Part part : parts) {
            kernels.linearAdd(part.matrix, part.bias, x, y.columns(column, part.matrix.rows()));
            column += part.matrix.rows();
        }
    }

    /** Returns whether a part rounds its inputs. */
    boolean roundsInputs() {
        return parts.stream().anyMatch(part -> part.matrix.roundsInputs());
    }

    @Override
    public void close() {
        for (Part part : parts) {
            part.matrix.close();
            part.bias.ifPresent(DeviceRows::close);
        }
    }
}
