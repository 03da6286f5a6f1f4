package sparrow.study.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.study.data.Task;

class JudgesTest {
    @ParameterizedTest
    @CsvSource({
        "exact, REFERENCE_ANSWERS, exact",
        "contains, REFERENCE_ANSWERS, contains",
        "openai@http://localhost:9/v1, REFERENCE_ANSWERS, gpt-4o-mini (accuracy)",
        "openai:llama3:8b@http://localhost:9/v1, OPEN_ENDED, llama3:8b (1 to 10)",
    })
    void opensWhatIsNamed(String spec, Task task, String name) {
        try (Judge judge = open(spec, task)) {
            assertThat(judge.name()).isEqualTo(name);
        }
    }

    private static Judge open(String spec, Task task) {
        return Judges.open(spec, task);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fuzzy", "openai:", "exact:1"})
    void namesTheJudgesThatThereAre(String spec) {
        assertThatThrownBy(() -> Judges.open(spec, Task.REFERENCE_ANSWERS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("judge: expected exact, contains, verbatim or openai[:MODEL][@URL], got " + spec);
    }

    @Test
    void comparesNoOpenQuestionsWithAnAnswer() {
        assertThatThrownBy(() -> Judges.open("contains", Task.OPEN_ENDED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected openai[:MODEL][@URL] for questions without one right answer");
    }
}
