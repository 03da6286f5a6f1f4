package sparrow.gpu.stack;

import java.util.List;
import java.util.Optional;
import sparrow.gpu.kernel.DeviceKernels;
import sparrow.gpu.kernel.DeviceMatrix;
import sparrow.gpu.kernel.DeviceRows;

/**
 * Linear layers on the same input as one on a device; their outputs lie side by side.
 *
 * @param parts one, unless types differ
 */
record DeviceLinear(List<Part> parts) implements AutoCloseable {
    /**
     * Some of the outputs.
     *
     * @param bias [1, rows of the matrix]
     */
    record Part(DeviceMatrix matrix, Optional<DeviceRows> bias) {}

    /** y = x w^T + bias. */
    void apply(DeviceKernels kernels, DeviceRows x, DeviceRows y) {
        int column = 0;
        for (Part part : parts) {
            kernels.linear(part.matrix, part.bias, x, y.columns(column, part.matrix.rows()));
            column += part.matrix.rows();
        }
    }

    /** y += x w^T + bias. */
    void add(DeviceKernels kernels, DeviceRows x, DeviceRows y) {
        int column = 0;
        for (Part part : parts) {
            kernels.linearAdd(part.matrix, part.bias, x, y.columns(column, part.matrix.rows()));
            column += part.matrix.rows();
        }
    }

    /** True if one of them rounds its inputs. */
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
