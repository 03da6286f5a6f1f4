package sparrow.engine.head;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseTest {
    private static final int N = 100_000;

    /** Of a correlation of N independent pairs 1/sqrt(N) is the standard deviation: five, by chance once in two million. */
    private static final double FIVE_DEVIATIONS = 5 / Math.sqrt(N);

    @Test
    void liesBetweenZeroAndOneWithBothEndsExcluded() {
        // mix(0) = 0, and the largest is reached by no token that is easily found: the bounds are those of the
        // conversion.
        assertThat(new Noise(0).uniform(0)).isEqualTo(0x1p-53);
        assertThat(((-1L >>> 12) + 0.5) * 0x1p-52).isLessThan(1).isEqualTo(1 - 0x1p-53);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, -1, Long.MIN_VALUE})
    void isEvenlyDistributedOverTokensAndOverPositions(long seed) {
        assertEven(token -> Noise.at(seed, 0).uniform(token));
        assertEven(position -> Noise.at(seed, position).uniform(530));
        // Both at once, as a head of 512 codes asks.
        assertEven(i -> Noise.at(seed, i / 512).uniform(530 + i % 512));
    }

    @ParameterizedTest(name = "positions {0} apart, tokens {1} apart")
    @CsvSource({"0, 1", "0, 2", "0, 512", "0, 65536", "1, 0", "2, 0", "39, 0", "1024, 0", "1, 1", "1, -1"})
    void isIndependentBetweenPositionsAndTokens(int positions, int tokens) {
        assertIndependent(
                i -> Noise.at(3, i / 300).uniform(1000 + i % 300),
                i -> Noise.at(3, i / 300 + positions).uniform(1000 + i % 300 + tokens));
    }

    @Test
    void isIndependentBetweenSeedsAndBetweenStreams() {
        Sampling sampling = new Sampling(1, 0, 1, 1, 3);
        for (long other : new long[] {
            2,
            4,
            3 + (1L << 40),
            -3,
            sampling.stream(1).seed(),
            sampling.stream(2).seed()
        }) {
            assertIndependent(
                    i -> Noise.at(3, i / 300).uniform(i % 300),
                    i -> Noise.at(other, i / 300).uniform(i % 300));
        }
    }

    private static void assertEven(IntToDoubleFunction noise) {
        int[] counts = new int[256];
        for (int i = 0; i < N; i++) counts[(int) (256 * noise.applyAsDouble(i))]++;
        double expected = N / 256.0;
        double chiSquare = 0;
        for (int count : counts) chiSquare += (count - expected) * (count - expected) / expected;
        // Mean 255, variance 510; five deviations to either side: neither lumps nor a lattice.
        assertThat(chiSquare).isBetween(255 - 5 * Math.sqrt(510), 255 + 5 * Math.sqrt(510));
    }

    private static void assertIndependent(IntToDoubleFunction one, IntToDoubleFunction other) {
        double sum = 0;
        for (int i = 0; i < N; i++) sum += (one.applyAsDouble(i) - 0.5) * (other.applyAsDouble(i) - 0.5);
        // Over the variance of the even distribution.
        assertThat(sum / N * 12).isBetween(-FIVE_DEVIATIONS, FIVE_DEVIATIONS);
    }
}
