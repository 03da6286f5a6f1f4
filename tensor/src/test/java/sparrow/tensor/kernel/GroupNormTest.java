package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("lanes")
class GroupNormTest {
    private static final ComputePool POOL = new ComputePool(2);
    private static final Kernels VECTOR = new VectorKernels(POOL);
    private static final Kernels SCALAR = new ScalarKernels(POOL);

    @AfterAll
    static void close() {
        POOL.close();
    }

    @ParameterizedTest(name = "{0} rows of {1} columns in {2} groups")
    @CsvSource({"1,8,8", "1,80,1", "5,24,8", "64,80,1", "65,96,8", "130,256,8", "700,7,1", "3,21,3"})
    void vectorsAgreeWithTheReference(int rows, int columns, int groups) {
        SplittableRandom random = new SplittableRandom(rows * 1000L + columns);
        int stride = columns + 3;
        float[] x = normal(random, rows * stride + 2, 3);
        for (int i = 0; i < x.length; i++) x[i] += 20; // a mean far from 0 must not cost the variance its digits
        float[] weight = normal(random, columns, 1);
        float[] bias = normal(random, columns, 1);
        Block from = new Block(x, 2, stride, rows, columns);
        Block expected = Block.of(new float[rows * columns], rows, columns);
        Block actual = Block.of(new float[rows * columns], rows, columns);

        SCALAR.groupNorm(from, groups, weight, bias, 1e-5f, expected);
        VECTOR.groupNorm(from, groups, weight, bias, 1e-5f, actual);

        // Normed values are below 10; a mean of 20 in f32 is off by 2^-20, a 1/3e6 of the deviation of 3.
        assertThat(actual.data()).containsExactly(expected.data(), within(1e-4f));
    }

    @Test
    void aGroupComesOutWithMeanZeroAndVarianceOne() {
        SplittableRandom random = new SplittableRandom(4);
        Block x = Block.of(normal(random, 50 * 16, 5), 50, 16);
        float[] ones = new float[16];
        Arrays.fill(ones, 1);

        VECTOR.groupNorm(x, 2, ones, new float[16], 1e-5f, x);

        for (int g = 0; g < 2; g++) {
            double sum = 0;
            double squares = 0;
            for (int r = 0; r < 50; r++) {
                for (int c = 8 * g; c < 8 * g + 8; c++) {
                    sum += x.data()[16 * r + c];
                    squares += x.data()[16 * r + c] * x.data()[16 * r + c];
                }
            }
            assertThat(sum / 400).isCloseTo(0, within(1e-5));
            assertThat(squares / 400).isCloseTo(1, within(1e-4));
        }
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        Block x = Block.of(new float[12], 2, 6);

        assertThatThrownBy(() -> VECTOR.groupNorm(x, 4, new float[6], new float[6], 1e-5f, x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("groupNorm: 2 x 6 in 4 groups");
    }

    private static float[] normal(SplittableRandom random, int n, float deviation) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) random.nextGaussian() * deviation;
        return values;
    }
}
