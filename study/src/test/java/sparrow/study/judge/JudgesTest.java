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
        "openai@http://localhost:9/v1, REFERENCE_ANSWERS, gpt-4o-mini, AccuracyRubric",
        "openai:llama3:8b@http://localhost:9/v1, OPEN_ENDED, llama3:8b, TenPointRubric",
    })
    void opensALanguageModelWithTheRubricOfItsTask(String spec, Task task, String model, String rubric) {
        try (Judge judge = Judges.open(spec, task)) {
            assertThat(judge).isInstanceOfSatisfying(ChatJudge.class, chat -> {
                assertThat(chat.model()).isEqualTo(model);
                assertThat(chat.rubric().getClass().getSimpleName()).isEqualTo(rubric);
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"exact, EXACT", "contains, CONTAINS", "verbatim, VERBATIM"})
    void opensARule(String spec, MatchJudge.Rule rule) {
        assertThat(Judges.open(spec, Task.REFERENCE_ANSWERS)).isEqualTo(new MatchJudge(rule));
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
                .hasMessageContaining("expected openai[:MODEL][@URL] for open questions");
    }
}
