package sparrow.speech.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static sparrow.speech.Closeness.assertThatValues;
import static sparrow.speech.Goldens.values;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.engine.kernel.Block;
import sparrow.engine.weights.Checkpoint;
import sparrow.speech.Goldens;
import sparrow.speech.layers.Batch;

/** The steps from noise to mel frames. */
class EulerSolverTest {
    @ParameterizedTest
    @CsvSource({
        "glm-4-voice/expected/flow.safetensors, full.t_span",
        "step-audio-2-mini/cases/flow_inference.safetensors, t_span10"
    })
    void timesAreTheRecordedOnesOfBothFamilies(String file, String name) {
        try (Checkpoint golden = Goldens.open(file)) {
            assertThatValues(EulerSolver.times(10)).as(name).areWithin(1e-6, values(golden, name));
        }
    }

    @Test
    void stepsFollowEachOtherFromZeroToOne() {
        EulerSolver solver = new EulerSolver(Goldens.KERNELS, 4, 0);

        float end = 0;
        for (EulerSolver.Step step : solver.steps()) {
            assertThat(step.time()).isCloseTo(end, within(1e-6f));
            end = step.time() + step.length();
        }

        assertThat(solver.steps()).extracting(EulerSolver.Step::index).containsExactly(0, 1, 2, 3);
        assertThat(end).isCloseTo(1, within(1e-6f));
    }

    @Test
    void guidanceDrawsTheVelocityAwayFromTheUnconditionalOne() {
        EulerSolver solver = new EulerSolver(Goldens.KERNELS, 10, 0.7f);
        Conditions conditions = new Conditions(Block.of(new float[] {5, 6}, 1, 2), new float[] {7, 8}, new float[2]);

        float[] mel = solver.solve(new float[] {1, 2}, conditions, (step, input) -> {
            // At each frame x, mu, speaker, given; the second sequence knows only x.
            assertThat(input.sequence(0).data()).containsSequence(5, 6, 7, 8, 0, 0);
            assertThat(input.data()).endsWith(0, 0, 0, 0, 0, 0);
            assertThat(input.data()[0]).isEqualTo(input.data()[8]);
            return new Batch(new float[] {3, 4, 1, -1}, 2, 1, 2);
        });

        // A constant velocity over a time of 1: x + 1.7 conditional - 0.7 unconditional.
        assertThatValues(mel).areWithin(1e-5, new float[] {1 + 1.7f * 3 - 0.7f, 2 + 1.7f * 4 + 0.7f});
    }
}
