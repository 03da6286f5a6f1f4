package sparrow.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sparrow.engine.tensor.Matrix;

/** What is computed here and what there; {@link FakeOffload} marks what it computed. */
class OffloadingKernelsTest {
    private static final int OUTPUTS = 128;
    private static final int INPUTS = 96;

    /** Two rows of the matrix here are below it, three are not. */
    private static final long LEAST = 3L * OUTPUTS * INPUTS;

    private final ComputePool pool = new ComputePool(1);
    private final Arena arena = Arena.ofShared();
    private final SplittableRandom random = new SplittableRandom(3);
    private final FakeOffload there = new FakeOffload(pool, 2, () -> {});
    private final Kernels plain = Kernels.create(pool);
    private final Kernels kernels = Kernels.offloading(plain, there, LEAST);
    private final Matrix matrix = Matrix.copyOf(numbers(OUTPUTS * INPUTS), OUTPUTS, INPUTS, arena);
    private final float[] bias = numbers(OUTPUTS);

    @AfterEach
    void close() {
        arena.close();
        pool.close();
    }

    private float[] numbers(int n) {
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) numbers[i] = (float) random.nextDouble(-1, 1);
        return numbers;
    }

    private static Block empty(int rows) {
        return Block.of(new float[rows * OUTPUTS], rows, OUTPUTS);
    }

    /** What these kernels give without the mark, and whether it was there. */
    private static boolean marked(Block y) {
        boolean marked = y.data()[0] > FakeOffload.MARK / 2;
        for (float value : y.data()) assertThat(value > FakeOffload.MARK / 2).isEqualTo(marked);
        return marked;
    }

    @Test
    void manyRowsAreComputedThereAndFewHereHoweverTheMatrixIsMadeReady() {
        for (Weight w : List.of(kernels.pack(matrix, arena), kernels.packAsStored(matrix, arena))) {
            for (int rows : new int[] {1, 2, 3, 40}) {
                Block x = Block.of(numbers(rows * INPUTS), rows, INPUTS);
                Block expected = empty(rows);
                Block found = empty(rows);
                plain.linear(x, plain.pack(matrix, arena), bias, expected);

                kernels.linear(x, w, bias, found);

                assertThat(marked(found)).isEqualTo(rows >= 3);
                if (rows < 3) assertThat(found.data()).containsExactly(expected.data());
            }
        }
        assertThat(kernels.view(matrix).stored()).contains(matrix);
    }

    @Test
    void whatHasNoRoomThereOrIsTooSmallStaysHere() {
        float[] few = numbers(INPUTS);
        kernels.pack(Matrix.copyOf(few, 1, INPUTS, arena), arena);
        assertThat(there.held).isOne();
        Kernels large = Kernels.offloading(plain, there, 1025L * OUTPUTS * INPUTS);
        assertThat(large.pack(matrix, arena)).isNotInstanceOf(OffloadedWeight.class);
        assertThat(there.held).isOne();

        kernels.pack(matrix, arena);

        assertThat(kernels.pack(matrix, arena)).isNotInstanceOf(OffloadedWeight.class);
    }

    @Test
    void layersOfOneInputSendItOnceAndThoseNotHeldAreComputedBesideThem() {
        Block x = Block.of(numbers(2 * INPUTS), 2, INPUTS);
        List<Product> products = new ArrayList<>();
        for (int i = 0; i < 3; i++) products.add(new Product(kernels.pack(matrix, arena), bias, empty(2)));

        kernels.linear(x, products);

        assertThat(there.sent).containsExactly(x);
        assertThat(there.products).containsExactly(2);
        assertThat(products).extracting(product -> marked(product.y())).containsExactly(true, true, false);

        kernels.linear(
                Block.of(numbers(INPUTS), 1, INPUTS),
                List.of(new Product(products.get(0).weight(), null, empty(1))));
        assertThat(there.sent).hasSize(1);
    }

    @Test
    void aPartOfAMatrixIsTheSamePartThere() {
        Block x = Block.of(numbers(6 * INPUTS), 6, INPUTS);
        Weight w = kernels.pack(matrix, arena);
        Block whole = empty(6);
        Block part = Block.of(new float[6 * 64], 6, 64);
        kernels.linear(x, w, null, whole);

        kernels.linear(x, w.rows(64, 128), null, part);

        for (int r = 0; r < 6; r++) {
            float[] expected = Arrays.copyOfRange(whole.data(), r * OUTPUTS + 64, (r + 1) * OUTPUTS);
            assertThat(Arrays.copyOfRange(part.data(), r * 64, (r + 1) * 64)).containsExactly(expected);
        }
    }

    @Test
    void theMatrixItselfIsReadHere() {
        Block y = Block.of(new float[OUTPUTS * INPUTS], OUTPUTS, INPUTS);

        kernels.unpack(kernels.pack(matrix, arena), y);

        float[] row = new float[INPUTS];
        matrix.row(5, row, 0);
        assertThat(Arrays.copyOfRange(y.data(), 5 * INPUTS, 6 * INPUTS)).containsExactly(row);
        assertThat(there.sent).isEmpty();
    }

    @Test
    void shapesAreCheckedBeforeAnythingIsSent() {
        Weight w = kernels.pack(matrix, arena);
        Block x = Block.of(numbers(6 * INPUTS), 6, INPUTS);

        assertThatThrownBy(() -> kernels.linear(x, w, new float[3], empty(6)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("linear: expected a bias of 128, got 3");
        assertThat(there.sent).isEmpty();
    }

    @Test
    void theirArithmeticNamesTheDeviceAndAMeterCountsItsProducts() {
        List<KernelMeter.Product> made = new ArrayList<>();
        Kernels metered =
                Kernels.offloading(Kernels.metered(plain, (product, nanos) -> made.add(product)), there, LEAST);
        Block y = empty(3);

        metered.linear(Block.of(numbers(3 * INPUTS), 3, INPUTS), metered.pack(matrix, arena), null, y);

        assertThat(marked(y)).isTrue();
        assertThat(made).extracting(KernelMeter.Product::rows).containsExactly(3);
        assertThat(metered.keeping(KvFormat.Q8).arithmetic()).isEqualTo(plain.arithmetic() + "+kv-q8+fake");
    }

    @Test
    void aTrialSendsOnlyToWhatIsTwiceAsFast() {
        long[] now = new long[1];
        Kernels here = Kernels.metered(plain, (product, nanos) -> now[0] += 10);
        for (long each : new long[] {4, 5}) {
            FakeOffload fake = new FakeOffload(pool, 1, () -> now[0] += each);

            assertThat(OffloadTrial.pays(here, fake, () -> now[0]))
                    .as("%d there, 10 here", each)
                    .isEqualTo(each < 5);
        }
        assertThat(OffloadTrial.pays(plain, new FakeOffload(pool, 0, () -> {}))).isFalse();
    }
}
