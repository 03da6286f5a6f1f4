package sparrow.speech.vocode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NoiseTest {
    @Test
    void theFlowOfALaterBlockBeginsWithThatOfTheEarlier() {
        Noise noise = Noise.seeded(5);

        float[] first = noise.flow(100, 80);
        float[] second = noise.flow(172, 80);

        assertThat(Arrays.copyOf(second, first.length)).isEqualTo(first);
        assertThat(Noise.seeded(6).flow(100, 80)).isNotEqualTo(first);
    }

    @Test
    void sourceNoiseGoesOnAndIsNotTheFlowsNoise() {
        Noise noise = Noise.seeded(5);

        float[] first = noise.source(256, 9);

        assertThat(noise.source(256, 9)).isNotEqualTo(first);
        assertThat(noise.flow(256, 9)).isNotEqualTo(first);
        assertThat(Noise.seeded(5).source(256, 9)).isEqualTo(first);
    }

    @Test
    void numbersAreStandardNormal() {
        float[] values = Noise.seeded(1).flow(2000, 80);

        double sum = 0;
        double squares = 0;
        for (float v : values) {
            sum += v;
            squares += v * v;
        }
        // 160000 draws: five standard errors of the mean and of the variance.
        assertThat(sum / values.length).isCloseTo(0, within(5 / Math.sqrt(values.length)));
        assertThat(squares / values.length).isCloseTo(1, within(5 * Math.sqrt(2.0 / values.length)));
    }

    @Test
    void phasesLieWithinATurnAndTheFundamentalStartsAtZero() {
        float[] phases = Noise.seeded(3).phases(9);

        assertThat(phases[0]).isZero();
        for (int i = 1; i < 9; i++)
            assertThat(Math.abs(phases[i])).isLessThanOrEqualTo((float) Math.PI).isPositive();
    }

    @Test
    void replayedNumbersMustHaveTheSizeAskedFor() {
        Noise noise = Noise.replayed(new float[] {1, 2}, new float[] {0}, new float[0]);

        assertThat(noise.flow(1, 2)).containsExactly(1, 2);
        assertThat(noise.source(3, 1)).containsExactly(0, 0, 0);
        assertThatThrownBy(() -> noise.phases(9)).hasMessage("phases: expected 9 values, got 1");
    }
}
