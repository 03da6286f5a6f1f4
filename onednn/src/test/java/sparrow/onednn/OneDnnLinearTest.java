package sparrow.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.onednn.Numerics.Kind;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;

/** Linear layers of many rows through the kernels, of weights in all formats, against sums in double. */
class OneDnnLinearTest {
    private final ComputePool pool = new ComputePool(2);
    private final Kernels kernels = Kernels.create(pool, Installed.provider());

    @AfterEach
    void endThreads() {
        pool.close();
    }

    @ParameterizedTest(name = "{0} rows, {1} in, {2} out, {3} {4}")
    @CsvSource({
        "97,1001,350,F32,PLAIN",
        "513,300,257,F32,WIDE",
        "40,2080,420,F32,HUGE",
        "131,512,513,BF16,SUBNORMAL",
        "60,1280,640,BF16,PLAIN",
        "33,1056,1001,Q8_0,PLAIN",
        "96,1120,321,Q4_0,PLAIN",
        "64,2048,257,Q4_0,HUGE",
        "64,1024,520,Q4_0,SUBNORMAL",
        "64,1024,520,Q8_0,ZEROS"
    })
    void resultsAreWithinTheBound(int rows, int columns, int outputs, DType type, Kind kind) {
        SplittableRandom random = new SplittableRandom(rows);
        // Scales of blocks are f16.
        Kind weightKind = type.isQuantised() ? Kind.PLAIN : kind;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment stored = arena.allocate(type.bytes((long) outputs * columns), 64);
            type.store(Numerics.values(random, weightKind, outputs * columns), stored);
            Matrix matrix = new Matrix(stored, type, outputs, columns);
            Weight w = type == DType.BF16 ? kernels.view(matrix) : kernels.pack(matrix, arena);
            float[] widened = new float[outputs * columns];
            kernels.unpack(w, Block.of(widened, outputs, columns));
            float[] bias = Numerics.values(random, kind, outputs);
            float[] x = Numerics.values(random, kind, rows * columns);
            Block y = Block.of(new float[rows * outputs], rows, outputs);

            kernels.linear(Block.of(x, rows, columns), w, bias, y);

            for (int r = 0; r < rows; r++) {
                for (int o = 0; o < outputs; o++) {
                    Numerics.expect(
                            y.data()[r * outputs + o],
                            bias[o],
                            x,
                            r * columns,
                            widened,
                            o * columns,
                            columns,
                            r + "," + o);
                }
            }
        }
    }

    @Test
    void infinityAndNanStayInTheirRows() {
        int n = 1024;
        try (Arena arena = Arena.ofShared()) {
            float[] weights = new float[n * n];
            weights[5] = 2;
            weights[n + 5] = -2;
            Weight w = kernels.pack(Matrix.copyOf(weights, n, n, arena), arena);
            float[] x = new float[40 * n];
            x[n + 5] = Float.POSITIVE_INFINITY;
            x[2 * n + 6] = Float.NaN;
            Block y = Block.of(new float[40 * n], 40, n);

            kernels.linear(Block.of(x, 40, n), w, null, y);

            float[] nan = new float[n];
            Arrays.fill(nan, Float.NaN);
            float[] infinite = nan.clone();
            infinite[0] = Float.POSITIVE_INFINITY;
            infinite[1] = Float.NEGATIVE_INFINITY;
            assertThat(Arrays.copyOfRange(y.data(), 0, n)).containsOnly(0);
            assertThat(Arrays.copyOfRange(y.data(), n, 2 * n)).isEqualTo(infinite);
            assertThat(Arrays.copyOfRange(y.data(), 2 * n, 3 * n)).isEqualTo(nan);
            assertThat(Arrays.copyOfRange(y.data(), 3 * n, 40 * n)).containsOnly(0);
        }
    }
}
