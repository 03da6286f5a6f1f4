package sparrow.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The test for growth, on series made up with and without a leak. */
class GrowthTest {
    private static final int ROWS = 720;

    /** About 400, with normal noise, and a fifth of the places empty. */
    private static List<Double> series(long seed, double perRow, double noise) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Double> series = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            double value = 400 + perRow * i + noise * random.nextGaussian();
            series.add(random.nextInt(5) == 0 ? null : value);
        }
        return series;
    }

    @Test
    void aSteadySeriesHasNotGrownWhateverItsNoise() {
        for (int seed = 0; seed < 1000; seed++) {
            assertThat(Growth.of(series(seed, 0, 40)).isBeyondNoise())
                    .as("seed " + seed)
                    .isFalse();
        }
    }

    @Test
    void aLeakIsFoundInNoiseFourTimesItsGrowthInAWindow() {
        // A window has 22 rows, so that its median spreads by about 40 * 1.25 / sqrt(18) = 12.
        for (int seed = 0; seed < 1000; seed++) {
            assertThat(Growth.of(series(seed, 0.4, 40)).isBeyondNoise())
                    .as("seed " + seed)
                    .isTrue();
        }
    }

    @Test
    void aLeakWithoutNoiseIsFoundThoughItWidensTheQuartersItself() {
        assertThat(Growth.of(series(1, 0.1, 0)).isBeyondNoise()).isTrue();
    }

    @Test
    void lessThanOnePercentIsNoGrowth() {
        assertThat(Growth.of(series(1, 3.0 / ROWS, 0)).isBeyondNoise()).isFalse();
    }

    @Test
    void warmingUpInTheFirstQuarterAndFallingAreNoGrowth() {
        List<Double> series = series(1, -0.1, 5);
        for (int i = 0; i < ROWS / 4; i++) series.set(i, 2.0 * i);
        assertThat(Growth.of(series).isBeyondNoise()).isFalse();
    }

    @Test
    void aPeakInOneWindowIsNoGrowth() {
        List<Double> series = series(1, 0, 5);
        for (int i = ROWS - 20; i < ROWS; i++) series.set(i, 1000.0);
        assertThat(Growth.of(series).isBeyondNoise()).isFalse();
    }

    @Test
    void aShortRunIsNotJudged() {
        assertThat(Growth.of(List.of(1.0, 2.0, 3.0))).isNull();
        assertThat(Growth.of(List.of())).isNull();
    }
}
