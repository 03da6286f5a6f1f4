package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/** Orders of reading quantised weights, and which machine uses which. */
@Tag("lanes")
class ReadOrderTest {
    private static final ReadOrder[] OTHERS = {
        new ReadOrder(true, Integer.MAX_VALUE), new ReadOrder(false, 4), new ReadOrder(true, 4), new ReadOrder(true, 1)
    };

    /** Four bundles and a part of a fifth, and two runs of columns, with rows on both sides of all limits. */
    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q8_0"})
    void productsAreBitIdenticalInAllOrders(DType type) {
        int rows = 4 * 64 + 5;
        int columns = QuantisedWeight.MAX_RUN_COLUMNS + 256;
        try (Arena arena = Arena.ofShared();
                ComputePool pool = new ComputePool(2)) {
            Kernels kernels = new VectorKernels(pool);
            Matrix matrix = Matrices.quantised(new SplittableRandom(9), type, rows, columns, arena);
            Weight usual = QuantisedPacking.pack(matrix, ReadOrder.DEFAULT, arena, pool);
            float[] one = product(kernels, usual, 1);
            float[] four = product(kernels, usual, 4);
            for (ReadOrder order : OTHERS) {
                Weight other = QuantisedPacking.pack(matrix, order, arena, pool);
                assertThat(other.bytes()).isEqualTo(usual.bytes());
                assertThat(product(kernels, other, 1)).as("%s, 1 row", order).isEqualTo(one);
                assertThat(product(kernels, other, 4)).as("%s, 4 rows", order).isEqualTo(four);
            }
            Weight part = QuantisedPacking.pack(matrix, OTHERS[0], arena, pool).rows(128, rows);
            // Weights are unpacked for 13 rows.
            assertThat(product(kernels, part, 13)).isEqualTo(product(kernels, usual.rows(128, rows), 13));
        }
    }

    private static float[] product(Kernels kernels, Weight w, int rows) {
        float[] x = new float[rows * w.columns()];
        for (int i = 0; i < x.length; i++) x[i] = (i * 37 % 101 - 50) / 50f;
        float[] y = new float[rows * w.rows()];
        kernels.linear(Block.of(x, rows, w.columns()), w, null, Block.of(y, rows, w.rows()));
        return y;
    }

    /** On other machines than those measured, and for widths at which it was slower, the order is the default. */
    @ParameterizedTest
    @CsvSource({
        "true,512,3584,true,4",
        "true,512,18944,true,4",
        "true,512,2048,false,2147483647",
        "true,256,3584,false,2147483647",
        "true,128,18944,false,2147483647",
        "false,512,3584,false,2147483647",
        "false,256,18944,false,2147483647"
    })
    void ofAMachine(boolean intelAmx, int bits, int columns, boolean adjacent, int groupRows) {
        assertThat(ReadOrder.of(intelAmx, bits, columns)).isEqualTo(new ReadOrder(adjacent, groupRows));
    }

    @Test
    void thePropertySelectsTheOrderOfAllWeights() {
        System.setProperty(ReadOrder.PROPERTY, "adjacent=1,groups=0");
        try {
            assertThat(ReadOrder.of(64)).isEqualTo(new ReadOrder(true, Integer.MAX_VALUE));
        } finally {
            System.clearProperty(ReadOrder.PROPERTY);
        }
    }
}
