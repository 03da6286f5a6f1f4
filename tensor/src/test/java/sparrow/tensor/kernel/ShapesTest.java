package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.tensor.Matrix;

/** Both kernels refuse what does not fit, in one line and before anything is written. */
class ShapesTest {
    private static final ComputePool POOL = new ComputePool(1);
    private static final List<Kernels> BOTH = List.of(new ScalarKernels(POOL), new VectorKernels(POOL));

    @Test
    void linearRefusesOtherSizes() {
        try (Arena arena = Arena.ofShared()) {
            Matrix matrix = Matrix.copyOf(new float[6], 2, 3, arena);
            for (Kernels kernels : BOTH) {
                for (Weight w : List.of(kernels.view(matrix), kernels.pack(matrix, arena))) {
                    refused(
                            () -> kernels.linear(block(1, 4), w, null, block(1, 2)),
                            "linear: shapes do not match: 1 x 4");
                    refused(() -> kernels.linear(block(1, 3), w, null, block(1, 3)), "linear: shapes do not match");
                    refused(() -> kernels.linear(block(2, 3), w, null, block(1, 2)), "linear: shapes do not match");
                    refused(
                            () -> kernels.linear(block(1, 3), w, new float[3], block(1, 2)),
                            "linear: expected a bias of 2, got 3");
                }
            }
        }
    }

    @Test
    void productsRefuseOtherSizes() {
        for (Kernels kernels : BOTH) {
            refused(() -> kernels.multiply(block(2, 3), block(2, 3), block(2, 3)), "multiply: shapes do not match");
            refused(() -> kernels.multiply(block(2, 3), block(3, 4), block(2, 3)), "multiply: shapes do not match");
            refused(
                    () -> kernels.multiplyTransposed(block(2, 3), block(3, 4), block(2, 4)),
                    "multiplyTransposed: shapes do not match");
        }
    }

    @Test
    void normsAndSnakeRefuseOtherSizes() {
        float[] three = new float[3];
        float[] four = new float[4];
        for (Kernels kernels : BOTH) {
            refused(() -> kernels.rmsNorm(block(2, 3), four, 1, block(2, 3)), "norm: shapes do not match: 2 x 3 by 4");
            refused(() -> kernels.rmsNorm(block(2, 3), three, 1, block(2, 4)), "norm: shapes do not match");
            refused(() -> kernels.layerNorm(block(2, 3), three, four, 1, block(2, 3)), "norm: expected a bias of 3");
            refused(() -> kernels.snake(block(2, 3), four), "snake: expected an alpha of 3, got 4");
        }
    }

    @Test
    void sumsRefuseOtherSizesAndGaps() {
        for (Kernels kernels : BOTH) {
            refused(
                    () -> kernels.addScaled(1, block(2, 3), block(3, 2)),
                    "addScaled: expected blocks of the same size");
            refused(
                    () -> kernels.addScaled(1, block(2, 4).columns(0, 3), block(2, 3)),
                    "addScaled: expected rows without gaps");
            refused(
                    () -> kernels.addGated(new float[4], block(2, 3), block(2, 3)),
                    "addGated: shapes do not match: 2 x 3 by 4");
        }
    }

    @Test
    void blockKeepsInsideItsArray() {
        assertThat(new Block(new float[10], 1, 2, 4, 3).row(3)).isEqualTo(7);
        refused(
                () -> new Block(new float[10], 2, 2, 4, 3),
                "block 4 x 3 (offset 2, stride 2) does not fit an array of 10");
        refused(() -> new Block(new float[10], -1, 2, 1, 1), "block: negative offset -1");
        refused(() -> new Block(new float[10], 0, Integer.MAX_VALUE, 3, 1), "block 3 x 1");
    }

    @Test
    void partOfABlockKeepsInsideTheBlock() {
        Block block = block(4, 5);

        assertThat(block.columns(1, 3)).isEqualTo(new Block(block.data(), 1, 5, 4, 2));
        assertThat(block.rows(1, 3)).isEqualTo(new Block(block.data(), 5, 5, 2, 5));
        refused(() -> block.rows(0, 3).columns(3, 6), "block: columns 3 to 6 of 5");
        refused(() -> block.columns(-1, 2), "block: columns -1 to 2 of 5");
        refused(() -> block.rows(0, 2).rows(1, 3), "block: rows 1 to 3 of 2");
        refused(() -> block.rows(3, 2), "block: rows 3 to 2 of 4");
    }

    @Test
    void kernelsAreChosenByNameAndUnknownNamesRefused() {
        assertThat(createWith("sparrow.kernels", "scalar")).isInstanceOf(ScalarKernels.class);
        assertThat(createWith("sparrow.kernels", "vector")).isInstanceOf(VectorKernels.class);
        assertThatThrownBy(() -> createWith("sparrow.kernels", "fast"))
                .hasMessage("-Dsparrow.kernels: expected vector or scalar, got fast");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "adjacent=1", "adjacent=2,groups=4", "adjacent=1,groups=-1", "adjacent=1,groups=9999999999"})
    void readOrdersThatDoNotExistAreRefusedBeforeAnyWork(String value) {
        assertThatThrownBy(() -> createWith(ReadOrder.PROPERTY, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("-Dsparrow.readOrder: expected a value such as adjacent=1,groups=4, got " + value);
    }

    private static Kernels createWith(String property, String value) {
        String before = System.getProperty(property);
        System.setProperty(property, value);
        try {
            return Kernels.create(POOL);
        } finally {
            if (before == null) System.clearProperty(property);
            else System.setProperty(property, before);
        }
    }

    private static Block block(int rows, int columns) {
        return Block.of(new float[rows * columns], rows, columns);
    }

    private static void refused(ThrowingCallable call, String start) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(start)
                .hasMessageNotContaining("\n");
    }
}
