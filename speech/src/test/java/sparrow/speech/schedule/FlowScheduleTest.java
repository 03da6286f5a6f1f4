package sparrow.speech.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static sparrow.speech.Closeness.assertThatValues;
import static sparrow.speech.Goldens.values;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.Goldens;

class FlowScheduleTest {
    @ParameterizedTest
    @CsvSource({
        "glm-4-voice/expected/flow.safetensors, full.t_span",
        "step-audio-2-mini/cases/flow_inference.safetensors, t_span10"
    })
    void publishedTimesAreTheRecordedOnesOfBothFamilies(String file, String name) {
        List<FlowSchedule.Step> steps = FlowSchedule.PUBLISHED.steps(10, 0.7f);

        float[] times = new float[11];
        for (FlowSchedule.Step step : steps) times[step.index()] = step.time();
        times[10] = steps.getLast().time() + steps.getLast().length();
        try (Checkpoint golden = Goldens.open(file)) {
            assertThatValues(times).as(name).areWithin(1e-6, values(golden, name));
        }
        assertThat(steps).allMatch(step -> step.guidance() == 0.7f && step.sequences() == 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "published",
                "fast",
                "steps:7",
                "steps:1+guided:0.25",
                "published+guided:0.5",
                "times:0.25:0.5",
                "times:0.1+guided:0.0"
            })
    void notationIsReadAsItIsWritten(String notation) {
        assertThat(FlowSchedule.parse(notation)).hasToString(notation);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "steps:0 | steps: expected 1 to 100, got 0",
                "steps:101 | steps: expected 1 to 100, got 101",
                "steps:2.5 | expected published, fast, steps:N or times:T:T..., optionally followed by +guided:T, got steps:2.5",
                "slow | expected published, fast, steps:N or times:T:T..., optionally followed by +guided:T, got slow",
                "fast+rk4 | expected published, fast, steps:N or times:T:T..., optionally followed by +guided:T, got fast+rk4",
                "times: | expected published, fast, steps:N or times:T:T..., optionally followed by +guided:T, got times:",
                "times:0.5:0.5 | expected times that ascend from 0 to below 1, got [0.0, 0.5, 0.5]",
                "times:0.5:1 | expected times that ascend from 0 to below 1, got [0.0, 0.5, 1.0]",
                "times:NaN | expected times that ascend from 0 to below 1, got [0.0, NaN]",
                "fast+guided:1.5 | expected a guidance end time from 0 to 1, got 1.5",
            })
    void otherNotationsAreRefused(String notation, String message) {
        assertThatThrownBy(() -> FlowSchedule.parse(notation))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void stepsFollowEachOtherFromZeroToOneAndLateOnesAreUnguided() {
        List<FlowSchedule.Step> steps =
                FlowSchedule.parse("times:0.1:0.4:0.5+guided:0.4").steps(10, 0.7f);

        float end = 0;
        for (FlowSchedule.Step step : steps) {
            assertThat(step.time()).isCloseTo(end, within(1e-6f));
            end = step.time() + step.length();
        }
        assertThat(end).isCloseTo(1, within(1e-6f));
        assertThat(steps).extracting(FlowSchedule.Step::guidance).containsExactly(0.7f, 0.7f, 0f, 0f);
        assertThat(steps).extracting(FlowSchedule.Step::sequences).containsExactly(2, 2, 1, 1);
    }

    @Test
    void aFlowOfFewerStepsKeepsThemUnlessOthersAreAskedFor() {
        List<FlowSchedule.Step> own = FlowSchedule.PUBLISHED.steps(2, 0);

        assertThat(own).hasSize(2);
        assertThat(FlowSchedule.FAST.steps(2, 0)).isEqualTo(own);
        assertThat(FlowSchedule.cosine(4).steps(2, 0)).hasSize(4);
    }
}
