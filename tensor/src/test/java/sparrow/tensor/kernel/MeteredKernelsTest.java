package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sparrow.tensor.Matrix;

/** Metered kernels compute what the others do, and count their products. */
class MeteredKernelsTest {
    private final List<KernelMeter.Product> made = new ArrayList<>();
    private final Random random = new Random(7);

    private float[] numbers(int n) {
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) numbers[i] = (float) random.nextGaussian();
        return numbers;
    }

    @Test
    void productsAreTheSameToTheBitAndCountedByHand() {
        try (ComputePool pool = new ComputePool(1);
                Arena arena = Arena.ofShared()) {
            Kernels plain = Kernels.create(pool);
            Kernels metered = Kernels.metered(plain, (product, nanos) -> {
                assertThat(nanos).isNotNegative();
                made.add(product);
            });
            Weight w = metered.pack(Matrix.copyOf(numbers(40 * 24), 40, 24, arena), arena);
            Block x = Block.of(numbers(3 * 24), 3, 24);
            Block expected = Block.of(new float[3 * 40], 3, 40);
            Block found = Block.of(new float[3 * 40], 3, 40);
            plain.linear(x, w, null, expected);

            metered.linear(x, w, null, found);

            assertThat(found.data()).containsExactly(expected.data());
            assertThat(made)
                    .containsExactly(new KernelMeter.Product(
                            KernelMeter.Kind.LINEAR, 3, 40, 24, 2 * 3 * 40 * 24, w.bytes() + 4 * (3 * 24 + 3 * 40)));

            made.clear();
            Block second = Block.of(new float[3 * 40], 3, 40);
            metered.linear(x, List.of(new Product(w, null, found), new Product(w, null, second)));
            assertThat(second.data()).containsExactly(expected.data());
            assertThat(made)
                    .extracting(KernelMeter.Product::columns, KernelMeter.Product::operations)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple(80, 2L * 3 * 80 * 24));

            made.clear();
            // Windows of 24 numbers, each 8 after the one before: 24 + 2 * 8 of them are read.
            metered.linear(new Block(x.data(), 0, 8, 3, 24), w, null, found);
            assertThat(made.getFirst().bytes()).isEqualTo(w.bytes() + 4 * (40 + 3 * 40));
        }
    }

    @Test
    void activationsAndAttentionAreCountedByHand() {
        try (ComputePool pool = new ComputePool(1)) {
            Kernels plain = Kernels.create(pool);
            Kernels metered = Kernels.metered(plain, (product, nanos) -> made.add(product));
            Block a = Block.of(numbers(5 * 16), 5, 16);
            Block b = Block.of(numbers(7 * 16), 7, 16);
            Block scores = Block.of(new float[5 * 7], 5, 7);
            metered.multiplyTransposed(a, b, scores);
            metered.multiply(scores, b, Block.of(new float[5 * 16], 5, 16));
            assertThat(made)
                    .extracting(KernelMeter.Product::operations)
                    .containsExactly(2L * 5 * 7 * 16, 2L * 5 * 16 * 7);

            made.clear();
            KvPanels cache = metered.keyValues(1, 32);
            for (int i = 0; i < 6; i++) cache.append(numbers(32), 0, numbers(32), 0);
            Block queries = Block.of(numbers(2 * 64), 2, 64);
            Block mixed = Block.of(new float[2 * 64], 2, 64);
            Block expected = Block.of(new float[2 * 64], 2, 64);
            plain.attend(queries, cache, 0, 4, 0.2f, expected);
            metered.attend(queries, cache, 0, 4, 0.2f, mixed);

            assertThat(mixed.data()).containsExactly(expected.data());
            // Rows at 4 and 5 see 5 and 6 positions; two heads of 32; a product with keys and one with values.
            assertThat(made.getFirst().operations()).isEqualTo(2L * 2 * (5 + 6) * 64);
            assertThat(made.getFirst().kind()).isEqualTo(KernelMeter.Kind.CACHE);
        }
    }
}
