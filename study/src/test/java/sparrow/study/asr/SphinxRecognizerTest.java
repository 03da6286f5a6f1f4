package sparrow.study.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.text.WordErrors;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

@Tag("full")
class SphinxRecognizerTest {
    private static final Path EVAL = Path.of(System.getProperty("sparrow.testdata"), "demo-eval");

    @Test
    void hearsWhatTheBundledModelAnswers() throws IOException {
        WordErrors errors = hearAnswers(2);

        // 0 was seen; a deaf recogniser has 1, and one that guesses an expected answer hardly less.
        assertThat(errors.referenceWords()).isGreaterThan(10);
        assertThat(errors.rate()).isLessThan(0.2);
    }

    @Test
    void hearsManyAnswersOfTheBundledModel() throws IOException {
        WordErrors errors = hearAnswers(20);

        assertThat(errors.referenceWords()).isGreaterThan(100);
        assertThat(errors.rate()).isLessThan(0.2);
    }

    private static WordErrors hearAnswers(int questions) throws IOException {
        List<Answer> answers = answers(questions);
        WordErrors errors = WordErrors.NONE;
        try (SpeechRecognizer recognizer = Recognizers.open("sphinx:" + EVAL.resolve("answers.txt"))) {
            for (Answer answer : answers) {
                String heard = recognizer.transcribe(answer.speech());
                errors = errors.plus(WordErrors.between(answer.text(), heard));
            }
            assertThat(recognizer.transcribe(new Waveform(new float[8_000], 16_000)))
                    .isEmpty();
            assertThat(recognizer.transcribe(new Waveform(new float[] {0.5f}, 16_000)))
                    .isEmpty();
        }
        return errors;
    }

    @Test
    void refusesSentencesWithoutAWordThatHasAPronunciation() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SphinxRecognizer.expecting(List.of("Xyzzyland")))
                .withMessage("language model: expected sentences, got no word");
    }

    private static List<Answer> answers(int questions) throws IOException {
        List<Answer> answers = new ArrayList<>();
        try (ComputePool pool = new ComputePool(2);
                SpokenModel model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(pool))) {
            for (JsonNode line : questions().subList(0, questions)) {
                Conversation conversation =
                        new Conversation(model, ExitPlan.NONE, Sampling.GREEDY, new Limits(180, Limits.UNBOUNDED));
                Waveform question = WavFile.read(EVAL.resolve(line.get("file").asText()));
                answers.add(conversation.ask(new Question.Spoken(question), ReplyListener.NONE));
            }
        }
        return answers;
    }

    private static List<JsonNode> questions() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> questions = new ArrayList<>();
        for (String line : Files.readAllLines(EVAL.resolve("questions.jsonl"))) questions.add(json.readTree(line));
        return questions;
    }
}
