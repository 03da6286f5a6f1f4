package sparrow.speech.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.speech.Closeness.assertThatValues;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.speech.Goldens;
import sparrow.speech.layers.Batch;
import sparrow.speech.schedule.FlowSchedule;
import sparrow.tensor.kernel.Block;

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

    private static float[] solve(String schedule, float guidance, OdeSolver.Estimator estimator) {
        return new OdeSolver(Goldens.KERNELS, FlowSchedule.parse(schedule), 10, guidance)
                .solve(new float[] {1, 2}, CONDITIONS, estimator);
    }
}
