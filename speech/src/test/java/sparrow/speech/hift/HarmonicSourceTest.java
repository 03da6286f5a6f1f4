package sparrow.speech.hift;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.speech.Closeness.assertThatValues;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import sparrow.speech.Goldens;

class HarmonicSourceTest {
    private static final HiftConfig.Source CONFIG =
            new HiftConfig.Source(2, 0.1f, 0.003f, 10, PhaseRule.SAMPLE_BY_SAMPLE);
    private static final HarmonicSource SOURCE = new HarmonicSource(CONFIG, 22050, 256, new float[] {1, 0, 0}, 0);

    @Test
    void turnedPhasesGoOnWhereTheSinesStopped() {
        float[] f0 = {120, 121.5f, 133, 97, 240, 110};
        float[] phases = {0, 1, -2};
        float[] whole = SOURCE.waves(f0, phases, new float[6 * 256 * 3], Goldens.KERNELS.pool());

        float[] after = SOURCE.advance(phases, SOURCE.cycles(f0, 0, 4));
        float[] rest =
                SOURCE.waves(Arrays.copyOfRange(f0, 4, 6), after, new float[2 * 256 * 3], Goldens.KERNELS.pool());

        // Sines of amplitude 0.1; phases in f32 after a thousand samples.
        assertThatValues(rest).areWithin(1e-5, Arrays.copyOfRange(whole, 4 * 256 * 3, whole.length));
    }

    @Test
    void turningBackUndoesTurning() {
        float[] phases = {0.5f, 1, -2};

        float[] back = SOURCE.advance(SOURCE.advance(phases, 17.3), -17.3);

        for (int i = 0; i < 3; i++) {
            double turns = (back[i] - phases[i]) / (2 * Math.PI);
            assertThat(Math.abs(turns - Math.rint(turns))).isLessThan(1e-6);
        }
    }

    @Test
    void unvoicedFramesAreNoiseAlone() {
        float[] noise = new float[256 * 3];
        Arrays.fill(noise, 1);

        float[] waves = SOURCE.waves(new float[] {10}, new float[3], noise, Goldens.KERNELS.pool());

        for (float wave : waves) assertThat(wave).isEqualTo(0.1f / 3);
    }
}
