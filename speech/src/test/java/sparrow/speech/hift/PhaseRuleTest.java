package sparrow.speech.hift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PhaseRuleTest {
    private static final int FRAME = 480;

    @ParameterizedTest
    @EnumSource(PhaseRule.class)
    void aSteadyFrequencyTurnsAsFarAsItSaysHoweverLong(PhaseRule rule) {
        float[] angles = new float[FRAME * 5000];
        float[] steady = new float[5000];
        Arrays.fill(steady, 0.03125f); // of f32 exactly, so that only the rule's own sums could drift

        rule.angles(steady, 0, FRAME, angles);

        for (int s = FRAME; s < angles.length - FRAME; s += 997) {
            double turns = (angles[s] - angles[s - 17]) / (2 * Math.PI) - 17 * 0.03125;
            // An angle of one turn in f32, and sums of 75 000 cycles rounded to f32 in the rule that does so.
            assertThat(turns - Math.rint(turns)).isCloseTo(0, within(1e-2));
        }
    }

    @Test
    void frameByFrameTheLineIsStraightBetweenMiddlesAndFlatAtTheEnds() {
        float[] angles = new float[4 * 3];

        PhaseRule.FRAME_BY_FRAME.angles(new float[] {0.01f, 0.02f, 0.03f}, 1, 4, angles);

        // Sums over frames of 4 samples: 0.04, 0.12, 0.24 cycles at 1.5, 5.5 and 9.5 samples; the start plays no part.
        double[] cycles = {0.04, 0.04, 0.05, 0.07, 0.09, 0.11, 0.135, 0.165, 0.195, 0.225, 0.24, 0.24};
        for (int s = 0; s < 12; s++) assertThat(angles[s] / (2 * Math.PI)).isCloseTo(cycles[s], within(1e-6));
    }

    @Test
    void sampleBySampleTheStartIsAddedAndTheFirstSampleHasTurned() {
        float[] angles = new float[4];

        PhaseRule.SAMPLE_BY_SAMPLE.angles(new float[] {0.01f, 0.02f}, 1, 2, angles);

        double[] cycles = {0.01, 0.02, 0.04, 0.06};
        for (int s = 0; s < 4; s++)
            assertThat(angles[s]).isCloseTo((float) (1 + 2 * Math.PI * cycles[s]), within(1e-6f));
    }
}
