package sparrow.speech.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static sparrow.speech.Closeness.assertThatValues;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.engine.kernel.Block;
import sparrow.speech.Goldens;
import sparrow.speech.layers.Batch;
import sparrow.speech.schedule.FlowSchedule;

/** The steps from noise to mel frames. */
class OdeSolverTest {
    private static final Conditions CONDITIONS =
            new Conditions(Block.of(new float[] {5, 6}, 1, 2), new float[] {7, 8}, new float[2]);

    @Test
    void guidanceDrawsTheVelocityAwayFromTheUnconditionalOne() {
        float[] mel = solve("published", 0.7f, (step, input) -> {
            // At each frame x, mu, speaker, given; the second sequence knows only x.
            assertThat(input.sequence(0).data()).containsSequence(5, 6, 7, 8, 0, 0);
            assertThat(input.data()).endsWith(0, 0, 0, 0, 0, 0);
            assertThat(input.data()[0]).isEqualTo(input.data()[8]);
            return new Batch(new float[] {3, 4, 1, -1}, 2, 1, 2);
        });

        // A constant velocity over a time of 1: x + 1.7 conditional - 0.7 unconditional.
        assertThatValues(mel).areWithin(1e-5, new float[] {1 + 1.7f * 3 - 0.7f, 2 + 1.7f * 4 + 0.7f});
    }

    @Test
    void withoutGuidanceTheConditionalSequenceIsAloneAndItsVelocityIsTaken() {
        List<Integer> sequences = new ArrayList<>();

        float[] mel = solve("times:0.5+guided:0.5", 0.7f, (step, input) -> {
            sequences.add(input.sequences());
            assertThat(input.sequence(0).data()).containsSequence(5, 6, 7, 8, 0, 0);
            float[] both = {3, 4, 1, -1};
            return new Batch(Arrays.copyOf(both, 2 * input.sequences()), input.sequences(), 1, 2);
        });

        assertThat(sequences).containsExactly(2, 1);
        assertThatValues(mel).areWithin(1e-5, new float[] {
            1 + (1.7f * 3 - 0.7f) / 2 + 1.5f, 2 + (1.7f * 4 + 0.7f) / 2 + 2
        });
    }

    /** Exact where the velocity is linear in time, but for the first step: that is Euler's. */
    @Test
    void extrapolationFollowsAVelocityThatChangesWithTime() {
        OdeSolver.Estimator linear = (step, input) -> new Batch(new float[] {step.time(), 2 * step.time()}, 1, 1, 2);
        float missed = 0.1f * 0.1f / 2;

        float[] mel = solve("times:0.1:0.25:0.75+ab2", 0, linear);
        float[] euler = solve("times:0.1:0.25:0.75", 0, linear);

        assertThatValues(mel).areWithin(1e-6, new float[] {1.5f - missed, 3 - 2 * missed});
        assertThat(euler[0]).isCloseTo(1 + 0.1f * 0.15f + 0.25f * 0.5f + 0.75f * 0.25f, within(1e-6f));
    }

    @Test
    void extrapolationBeginsAnewWhereGuidanceEnds() {
        float[] mel = solve(
                "times:0.5+guided:0.5+ab2",
                1,
                (step, input) -> input.sequences() == 2
                        ? new Batch(new float[] {4, 4, 2, 2}, 2, 1, 2)
                        : new Batch(new float[] {4, 4}, 1, 1, 2));

        assertThatValues(mel).areWithin(1e-6, new float[] {1 + 3 + 2, 2 + 3 + 2});
    }

    private static float[] solve(String schedule, float guidance, OdeSolver.Estimator estimator) {
        return new OdeSolver(Goldens.KERNELS, FlowSchedule.parse(schedule), 10, guidance)
                .solve(new float[] {1, 2}, CONDITIONS, estimator);
    }
}
