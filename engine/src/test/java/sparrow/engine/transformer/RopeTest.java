package sparrow.engine.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.weights.Safetensors;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

class RopeTest {
    private static final Kernels KERNELS = Kernels.create(new ComputePool(1));

    private static final Path GOLDEN =
            Path.of(System.getProperty("sparrow.testdata"), "glm-4-voice", "expected", "lm.safetensors");

    @Test
    void halfOfTheHeadIsTurnedInNeighbouringPairsAsInTheOfficialModule() throws IOException {
        Rope rope = new Rope(8, 10_000, Rope.Pairing.INTERLEAVED);
        try (Safetensors golden = Safetensors.open(GOLDEN)) {
            float[] x = golden.floats("rope.input", 5, 16);
            float[] input = x.clone();
            float[] expected = golden.floats("rope.output", 5, 16);
            int[] positions = golden.tensor("rope.positions").toInts();

            for (int row = 0; row < 5; row++) rope.rotate(KERNELS, x, 16 * row, rope.angles(positions[row]));

            for (int i = 0; i < x.length; i++) {
                // The official table is f32: the angle, up to 100, is rounded by 100 * 2^-24, values are up to about 3.
                assertThat(x[i]).as("row %d, channel %d", i / 16, i % 16).isCloseTo(expected[i], offset(2e-5f));
                if (i % 16 >= 8) assertThat(x[i]).isEqualTo(input[i]);
            }
            assertThat(positions).containsExactly(0, 1, 2, 7, 100);
        }
    }

    @ParameterizedTest(name = "position {0}")
    @ValueSource(ints = {0, 1, 2, 63, 4095, 32_767})
    void halvesTurnAroundTheirDefinition(int position) {
        Rope rope = new Rope(16, 1_000_000, Rope.Pairing.HALVES);
        float[] x = values(20);
        float[] before = x.clone();

        rope.rotate(KERNELS, x, 3, rope.angles(position));

        for (int j = 0; j < 8; j++) {
            double angle = position / Math.pow(1_000_000, j / 8.0);
            double a = before[3 + j];
            double b = before[3 + j + 8];
            // f32 products and sums of values up to 4; the angle itself is exact to 2^-24 of 1 radian.
            assertThat((double) x[3 + j]).isCloseTo(a * Math.cos(angle) - b * Math.sin(angle), offset(1e-6));
            assertThat((double) x[3 + j + 8]).isCloseTo(b * Math.cos(angle) + a * Math.sin(angle), offset(1e-6));
        }
        for (int i : new int[] {0, 1, 2, 19}) assertThat(x[i]).isEqualTo(before[i]);
    }

    @ParameterizedTest
    @EnumSource
    void productOfQueryAndKeyDependsOnTheirDistanceOnly(Rope.Pairing pairing) {
        Rope rope = new Rope(16, 10_000, pairing);
        for (int distance : new int[] {0, 1, 17, 500}) {
            double near = product(rope, 3 + distance, 3);
            double far = product(rope, 2000 + distance, 2000);

            // Sixteen products of values up to 4.
            assertThat(far).isCloseTo(near, offset(1e-5));
        }
        assertThat(product(rope, 5, 0)).isNotCloseTo(product(rope, 0, 0), offset(1e-3));
    }

    @Test
    void positionZeroAndNoDimensionsChangeNothing() {
        float[] x = values(16);
        float[] before = x.clone();

        new Rope(16, 10_000, Rope.Pairing.HALVES)
                .rotate(KERNELS, x, 0, new Rope(16, 10_000, Rope.Pairing.HALVES).angles(0));
        new Rope(0, 10_000, Rope.Pairing.HALVES).rotate(KERNELS, x, 0, new float[0]);

        assertThat(x).isEqualTo(before);
    }

    @Test
    void tableKeepsTheAnglesOfEveryPosition() {
        Rope rope = new Rope(16, 10_000, Rope.Pairing.HALVES);
        Rope.Table table = new Rope.Table(rope);

        for (int position : new int[] {3, 0, 64, 1000, 3}) {
            assertThat(table.angles(position)).isEqualTo(rope.angles(position));
        }
        assertThat(table.angles(64)).isSameAs(table.angles(64));
    }

    @Test
    void oddDimensionsAndBaseOfZeroAreRefused() {
        assertThatThrownBy(() -> new Rope(7, 10_000, Rope.Pairing.HALVES))
                .hasMessage("rope: expected an even number of channels, got 7");
        assertThatThrownBy(() -> new Rope(8, 10_000, Rope.Pairing.HALVES, 5))
                .hasMessage("rope: expected at most 4 rotated pairs, got 5");
        assertThatThrownBy(() -> new Rope(8, 0, Rope.Pairing.HALVES)).hasMessageStartingWith("rope: expected a base");
        assertThatThrownBy(() -> new Rope(8, Double.NaN, Rope.Pairing.HALVES)).hasMessageStartingWith("rope: ");
    }

    @Test
    void onlyTheFirstPairsAreRotatedWithTheFrequenciesOfAllOfThem() {
        float[] x = {1, 2, 3, 4, 5, 6, 7, 8};
        float[] all = x.clone();
        float[] angles = new Rope(8, 100, Rope.Pairing.HALVES).angles(3);
        new Rope(8, 100, Rope.Pairing.HALVES).rotate(KERNELS, all, 0, angles);

        Rope half = new Rope(8, 100, Rope.Pairing.HALVES, 2);
        half.rotate(KERNELS, x, 0, half.angles(3));

        assertThat(x).containsExactly(all[0], all[1], 3, 4, all[4], all[5], 7, 8);
    }

    private static double product(Rope rope, int queryPosition, int keyPosition) {
        float[] query = values(16);
        float[] key = values(32);
        rope.rotate(KERNELS, query, 0, rope.angles(queryPosition));
        rope.rotate(KERNELS, key, 16, rope.angles(keyPosition));
        double sum = 0;
        for (int i = 0; i < 16; i++) sum += (double) query[i] * key[16 + i];
        return sum;
    }

    private static float[] values(int n) {
        SplittableRandom random = new SplittableRandom(n);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) random.nextGaussian();
        return values;
    }
}
