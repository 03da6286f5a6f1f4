package sparrow.speech.vocode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.speech.schedule.FlowSchedule;

class FlowSettingsTest {
    @Test
    void contextIsReadInSeconds() {
        assertThat(FlowSettings.context("2.5")).isEqualTo(2.5);
        assertThat(FlowSettings.context("1")).isEqualTo(1);
        assertThat(FlowSettings.context("unlimited")).isEqualTo(FlowSettings.PUBLISHED.contextSeconds());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.9", "-1", "0", "NaN", "Infinity", "1e999", "", "two", "all"})
    void otherContextsAreRefused(String text) {
        assertThatThrownBy(() -> FlowSettings.context(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected 1 second or more, or unlimited, got " + text);
    }

    @Test
    void stepsAndContextAreChecked() {
        assertThatThrownBy(() -> new FlowSettings(FlowSchedule.PUBLISHED, Double.NaN))
                .hasMessage("flow context: expected 1 second or more, got NaN");
    }

    @Test
    void contextIsNeverLessCodesThanItsSeconds() {
        assertThat(new FlowSettings(FlowSchedule.PUBLISHED, 2.1).contextCodes(12.5))
                .isEqualTo(27);
        assertThat(FlowSettings.PUBLISHED.contextCodes(12.5)).isEqualTo(Integer.MAX_VALUE);
        assertThat(FlowSettings.PUBLISHED).hasToString("published, unlimited context");
        assertThat(new FlowSettings(FlowSchedule.cosine(4), 2.5)).hasToString("steps:4, 2.5 s of context");
    }
}
