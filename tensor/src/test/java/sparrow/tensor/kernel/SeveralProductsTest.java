package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/** Several linear layers on one input: to the bit what each gives alone. */
@Tag("lanes")
class SeveralProductsTest {
    private static final DType[] TYPES = {DType.F32, DType.F16, DType.BF16};
    private static final List<Kernels> ALL = List.of(
            new ScalarKernels(new ComputePool(2)),
            new VectorKernels(new ComputePool(1)),
            new VectorKernels(new ComputePool(2)));

    static LongStream seeds() {
        return Widths.seeds();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void giveToTheBitWhatEachGivesAlone(long seed) {
        for (Kernels kernels : ALL) check(kernels, new SplittableRandom(seed));
    }

    /** Large enough that each matrix is handed out in several pieces. */
    @Test
    void largeSixteenBitProductsAgreeWithTheReference() {
        SplittableRandom random = new SplittableRandom(5);
        int inputs = 5_001;
        int outputs = 61;
        try (Arena arena = Arena.ofShared()) {
            Block x = Framed.block(random, Numbers.PLAIN, 2, inputs, 1);
            List<Matrix> matrices = List.of(
                    Matrices.of(random, Numbers.PLAIN, DType.BF16, outputs, inputs, arena),
                    Matrices.of(random, Numbers.PLAIN, DType.F16, 3, inputs, arena),
                    Matrices.of(random, Numbers.PLAIN, DType.F16, outputs + 2, inputs, arena));
            for (Kernels kernels : ALL) {
                List<Product> products = new ArrayList<>();
                for (Matrix w : matrices) {
                    products.add(new Product(kernels.view(w), null, Framed.empty(random, 2, w.rows(), 1)));
                }

                kernels.linear(x, products);

                for (int i = 0; i < matrices.size(); i++) {
                    Matrix w = matrices.get(i);
                    Block expected = Block.of(new float[2 * w.rows()], 2, w.rows());
                    ALL.getFirst().linear(x, ALL.getFirst().view(w), null, expected);
                    float[] magnitudes = Matrices.magnitudes(x, w, null);
                    Framed.assertClose(
                            products.get(i).y(),
                            expected,
                            (r, o) -> Numbers.sumTolerance(inputs, magnitudes[r * w.rows() + o]),
                            w.dtype() + ", product " + i);
                    Framed.assertFrameUntouched(products.get(i).y());
                }
            }
        }
    }

    /** More rows than a piece of work has, and panels that are not filled. */
    @Test
    void packedProductsGiveToTheBitWhatEachGivesAlone() {
        SplittableRandom random = new SplittableRandom(6);
        try (Arena arena = Arena.ofShared()) {
            Block x = Framed.block(random, Numbers.PLAIN, 250, 37, 1);
            for (Kernels kernels : ALL) {
                List<Product> products = new ArrayList<>();
                for (int outputs : new int[] {1, 70, 33}) {
                    Matrix w = Matrices.of(random, Numbers.PLAIN, DType.F32, outputs, 37, arena);
                    float[] bias = outputs == 33 ? null : new float[outputs];
                    if (bias != null) Arrays.fill(bias, 0.7f);
                    products.add(new Product(kernels.pack(w, arena), bias, Framed.empty(random, 250, outputs, 2)));
                }

                kernels.linear(x, products);

                for (Product product : products) {
                    Block alone = Framed.copy(product.y());
                    kernels.linear(x, product.weight(), product.bias(), alone);
                    Framed.assertClose(product.y(), alone, (r, o) -> 0, "packed");
                    Framed.assertFrameUntouched(product.y());
                }
            }
        }
    }

    @Test
    void productThatDoesNotFitIsRefused() {
        try (Arena arena = Arena.ofShared()) {
            for (Kernels kernels : ALL) {
                Weight fits = kernels.view(Matrix.copyOf(new float[6], 2, 3, arena));
                Weight doesNot = kernels.view(Matrix.copyOf(new float[8], 2, 4, arena));
                Block x = Block.of(new float[3], 1, 3);
                Block y = Block.of(new float[2], 1, 2);

                assertThatThrownBy(() ->
                                kernels.linear(x, List.of(new Product(fits, null, y), new Product(doesNot, null, y))))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("linear: shapes do not match: 1 x 3");
            }
        }
    }

    /** Up to four matrices of any sizes, types and layouts. */
    private static void check(Kernels kernels, SplittableRandom random) {
        try (Arena arena = Arena.ofShared()) {
            int rows = random.nextInt(1, 20);
            int inputs = random.nextInt(1, 90);
            Block x = Framed.block(random, Numbers.PLAIN, rows, inputs, random.nextInt(4));
            Block before = Framed.copy(x);
            List<Product> together = new ArrayList<>();
            List<Block> alone = new ArrayList<>();
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                int outputs = random.nextInt(1, 80);
                Matrix w =
                        Matrices.of(random, Numbers.PLAIN, TYPES[random.nextInt(TYPES.length)], outputs, inputs, arena);
                Weight weight = random.nextBoolean() ? kernels.pack(w, arena) : kernels.view(w);
                float[] bias = random.nextBoolean() ? new float[outputs] : null;
                if (bias != null) bias[outputs - 1] = 7;
                Block y = Framed.empty(random, rows, outputs, random.nextInt(3));
                alone.add(Framed.copy(y));
                together.add(new Product(weight, bias, y));
                kernels.linear(x, weight, bias, alone.getLast());
            }

            kernels.linear(x, together);

            for (int i = 0; i < alone.size(); i++)
                Framed.assertSame(together.get(i).y(), alone.get(i));
            Framed.assertSame(x, before);
        }
    }
}
