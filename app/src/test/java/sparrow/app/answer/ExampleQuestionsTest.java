package sparrow.app.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.chat.Window;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.SpeechMode;
import sparrow.speech.wave.WavFile;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** The questions that the page and docs/commands.md suggest. ReadmeExampleTest asks the one in README.md. */
@Tag("stack")
class ExampleQuestionsTest {
    private static final Path EXPECTED = Path.of(System.getProperty("sparrow.testdata"), "../examples/expected.tsv");

    @Test
    void everySuggestedQuestionIsAnsweredCorrectlySpokenAndTyped() throws IOException {
        Map<String, String> answers = Files.readAllLines(EXPECTED).stream()
                .map(line -> line.split("\t"))
                .collect(Collectors.toMap(fields -> fields[1], fields -> fields[2]));
        try (ComputePool pool = ComputePool.ofMachine();
                SpokenModel model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(pool))) {
            for (SpokenModels.SampleQuestion sample : SpokenModels.bundledQuestions()) {
                String answer = answers.get(sample.text().toLowerCase());
                Question spoken = new Question.Spoken(WavFile.read(sample.recording(), EXPECTED));
                check(ask(model, spoken), answer);
                check(ask(model, new Question.Typed(sample.text())), answer);
            }
            check(
                    ask(model, new Question.Typed("what is two plus three")),
                    "two plus three is five. the answer is five.");
        }
    }

    private static void check(Answer answer, String expected) {
        assertThat(answer.text()).isEqualTo(expected);
        assertThat(answer.understood()).isEqualTo(Optional.of(true));
    }

    private static Answer ask(SpokenModel model, Question question) {
        return new Conversation(model, model.defaultConfig(), Window.of(model), SpeechMode.SILENT).ask(question);
    }
}
