package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.tensor.Matrix;

/** Packed products of many rows, which are cut into runs: overlapping windows in, strided rows out. */
class LongProductTest {
    @ParameterizedTest(name = "{0} rows, {1} in, {2} out")
    @CsvSource({"119,15,24", "120,15,24", "121,15,33", "361,9,1", "1000,21,70"})
    void everyRowOfALongConvolutionIsWritten(int rows, int columns, int outputs) {
        SplittableRandom random = new SplittableRandom(rows);
        float[] x = normal(random, rows * 3 + columns);
        float[] weights = normal(random, outputs * columns);
        float[] bias = normal(random, outputs);
        int stride = outputs + 5;
        float[] actual = new float[rows * stride];
        float[] expected = new float[rows * stride];

        try (ComputePool pool = new ComputePool(3);
                Arena arena = Arena.ofShared()) {
            Matrix w = Matrix.copyOf(weights, outputs, columns, arena);
            Block windows = new Block(x, 0, 3, rows, columns);
            Kernels vector = new VectorKernels(pool);
            vector.linear(windows, vector.pack(w, arena), bias, new Block(actual, 0, stride, rows, outputs));
            Kernels scalar = new ScalarKernels(pool);
            scalar.linear(windows, scalar.view(w), bias, new Block(expected, 0, stride, rows, outputs));
        }

        // At most 21 products of numbers below 5, in two orders of summation: below 2 * 21 * 2^-24 * 21 * 25.
        assertThat(actual).containsExactly(expected, within(2e-3f));
    }

    private static float[] normal(SplittableRandom random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) random.nextGaussian();
        return values;
    }
}
