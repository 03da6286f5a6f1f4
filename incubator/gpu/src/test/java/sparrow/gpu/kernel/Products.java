package sparrow.gpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import sparrow.gpu.device.Device;
import sparrow.tensor.Matrix;

/** Linear layers on a device, and what they are held to. */
final class Products {
    private Products() {}

    /** y = x w^T. */
    static float[][] multiply(Device device, DeviceKernels kernels, DeviceMatrix w, float[][] x) {
        try (DeviceRows in = Numbers.upload(device, x);
                DeviceRows out = DeviceRows.allocate(device, x.length, w.rows())) {
            kernels.linear(w, Optional.empty(), in, out);
            return Numbers.download(device, out);
        }
    }

    /**
     * Holds outputs to sums in double.
     *
     * @param parts matrices one below the other
     * @param x [rows, columns]
     * @param y [rows, rows of all parts]
     * @param bound what a sum may differ by, of the magnitudes of all of its products
     */
    static void expect(List<Matrix> parts, float[][] x, float[][] y, ToDoubleFunction<Matrix> bound) {
        double[][] inputs = Numbers.inputs(parts.getFirst().dtype(), x);
        int output = 0;
        for (Matrix w : parts) {
            float[] row = new float[w.columns()];
            for (int o = 0; o < w.rows(); o++, output++) {
                w.row(o, row, 0);
                for (int r = 0; r < x.length; r++) {
                    double exact = 0;
                    double magnitude = 0;
                    for (int c = 0; c < row.length; c++) {
                        double product = inputs[r][c] * row[c];
                        exact += product;
                        magnitude += Math.abs(product);
                    }
                    assertThat((double) y[r][output])
                            .as("output %d of row %d, %s %d x %d", output, r, w.dtype(), w.rows(), w.columns())
                            .isCloseTo(exact, within(bound.applyAsDouble(w) * magnitude));
                }
            }
        }
    }
}
