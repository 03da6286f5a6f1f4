package sparrow.app.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.app.options.QuestionFile;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.chat.Window;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.SpeechMode;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** The bundled model is asked by a voice and a synthesizer that it was not trained with, and by noises. */
@Tag("stack")
class StrangersTest {
    private static final Path VOICES = Path.of(System.getProperty("sparrow.testdata"), "demo-voices");
    private static final int RATE_HZ = 16_000;

    private static ComputePool pool;
    private static SpokenModel model;

    @BeforeAll
    static void open() throws IOException {
        pool = ComputePool.ofMachine();
        model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(pool));
    }

    @AfterAll
    static void close() {
        model.close();
        pool.close();
    }

    /** Of all 120, 87 % are answered correctly, so that two wrong answers of twelve are usual. */
    @Test
    void mostKnownQuestionsAreAnsweredCorrectly() throws IOException {
        int right = 0;
        for (JsonNode line : lines("known")) {
            if (ask("known", line).text().equals(line.path("answer").textValue())) right++;
        }
        assertThat(right).isGreaterThanOrEqualTo(8);
    }

    @Test
    void mostUnknownQuestionsAreRefused() throws IOException {
        int refused = 0;
        for (JsonNode line : lines("unknown")) {
            Answer answer = ask("unknown", line);
            assertThat(answer.understood())
                    .contains(!answer.text().equals(line.path("answer").textValue()));
            if (answer.understood().equals(Optional.of(false))) refused++;
        }
        assertThat(refused).isGreaterThanOrEqualTo(7);
    }

    /** Push to talk, and clients that detect turns themselves, send seconds of silence. */
    @Test
    void quietAroundAQuestionDoesNotChangeItsAnswer() throws IOException {
        for (SpokenModels.SampleQuestion question : SpokenModels.bundledQuestions()) {
            Waveform recording = WavFile.read(question.recording(), Path.of("question.wav"));
            String answer = ask(recording).text();
            assertThat(answer).isNotEqualTo("i am sorry, i did not understand you.");
            float noise = question.text().length() % 2 == 0 ? 0 : 0.003f;
            assertThat(ask(quiet(recording, 1, 3.3, noise)).text())
                    .as(question.text())
                    .isEqualTo(answer);
        }
    }

    private static Waveform quiet(Waveform recording, double before, double after, float noise) {
        int rate = recording.sampleRateHz();
        int length = recording.samples().length;
        float[] samples = new float[(int) (before * rate) + length + (int) (after * rate)];
        System.arraycopy(recording.samples(), 0, samples, (int) (before * rate), length);
        Random random = new Random(3);
        for (int i = 0; i < samples.length; i++) samples[i] += noise * (float) random.nextGaussian();
        return new Waveform(samples, rate);
    }

    enum Noise {
        WHITE,
        SOFT,
        BROWN,
        BURSTS,
        HUM,
        CLICKS
    }

    /** The soft white noise is answered as if it were a question. */
    @Test
    void mostNoisesAreRefused() {
        long refused = Stream.of(Noise.values())
                .map(noise -> ask(new Waveform(samples(noise), RATE_HZ)).understood())
                .filter(Optional.of(false)::equals)
                .count();
        assertThat(refused).isGreaterThanOrEqualTo(4);
    }

    private static float[] samples(Noise noise) {
        Random random = new Random(7);
        float[] samples = new float[2 * RATE_HZ];
        float last = 0;
        for (int i = 0; i < samples.length; i++) {
            float white = (float) random.nextGaussian();
            last = 0.99f * last + 0.1f * white;
            samples[i] = switch (noise) {
                case WHITE -> 0.1f * white;
                case SOFT -> 0.01f * white;
                case BROWN -> 0.1f * last;
                case BURSTS -> i / 2000 % 4 == 0 ? 0.2f * white : 0.001f * white;
                case HUM -> 0.2f * (float) Math.sin(2 * Math.PI * 100 * i / RATE_HZ) + 0.002f * white;
                case CLICKS -> i % 4001 < 3 ? 0.8f : 0.001f * white;
            };
        }
        return samples;
    }

    private static List<JsonNode> lines(String kind) throws IOException {
        List<String> lines = Files.readAllLines(VOICES.resolve(kind + "/questions.jsonl"));
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> nodes = new ArrayList<>();
        for (String line : lines.subList(0, 12)) nodes.add(json.readTree(line));
        return nodes;
    }

    private static Answer ask(String kind, JsonNode line) throws IOException {
        return ask(QuestionFile.recording(
                VOICES.resolve(kind).resolve(line.path("file").textValue())));
    }

    private static Answer ask(Waveform recording) {
        return new Conversation(model, model.defaultConfig(), Window.of(model), SpeechMode.SILENT)
                .ask(new Question.Spoken(recording));
    }
}
