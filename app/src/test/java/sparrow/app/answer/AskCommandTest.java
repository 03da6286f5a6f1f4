package sparrow.app.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.assertRefusedInOneLine;
import static sparrow.app.Commands.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.app.Commands.Outcome;
import sparrow.speech.wave.G711;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** {@code sparrow ask}: the answer, its report, every step as JSON, and what the options of decoding do to them. */
class AskCommandTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));
    private static final String QUESTION =
            TESTDATA.resolve("../examples/q03.wav").toString();

    @TempDir
    private Path folder;

    @Test
    void askPrintsTheAnswerAndItsReportAndWritesTheSpeech() throws IOException {
        Path answer = folder.resolve("answer.wav");

        Outcome outcome = run("ask", QUESTION, "--out", answer.toString());

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .startsWith("five plus eight is thirteen. the answer is thirteen.")
                .contains("14 text, 31 speech; ended by itself")
                .containsPattern("time   [0-9.]+ s for 2\\.47 s of speech, real-time factor [0-9.]+; first audio after"
                        + " [0-9.]+ s; ready [0-9.]+ s after the JVM started")
                .contains("layer 12: 52 %, layer 16: 48 %")
                .contains("trace  TTTTTTTTTTTTTFEFEFEFEFEFEFEFEFEFEFEFEFETTEFEFE")
                .contains(answer.toString());
        Waveform speech = WavFile.read(answer);
        assertThat(speech.sampleRateHz()).isEqualTo(22_050);
        assertThat(speech.samples()).hasSize(256 * (31 * 441 / 64));
        assertThat(speech.isSilent()).isFalse();
    }

    @Test
    void aQuestionIsReadFromStandardInput() throws IOException {
        InputStream before = System.in;
        Outcome outcome;
        try (InputStream question = Files.newInputStream(Path.of(QUESTION))) {
            System.setIn(question);
            outcome = run("ask", "-");
        } finally {
            System.setIn(before);
        }

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).startsWith("five plus eight is thirteen. the answer is thirteen.");
    }

    @Test
    void askSuggestsThreeQuestionsAfterARefusal() throws IOException {
        Outcome outcome = run("ask", "--text", "How tall is the highest mountain in my street?");

        assertThat(outcome.out())
                .startsWith("i am sorry, i did not understand you.")
                .contains("ask    Libya has which capital?  Five plus eight?  Do you know the opposite of summer?\n");
        assertThat(run("ask", QUESTION).out()).doesNotContain("ask    ");
    }

    @Test
    void askAsJsonIsOneObjectWithEveryStep() throws IOException {
        Outcome outcome = run("ask", QUESTION, "--json", "--exit", "conf:8:0.5");

        JsonNode json = new ObjectMapper().readTree(outcome.out());
        JsonNode turn = json.path("turns").path(0);
        assertThat(json.path("exit").asText()).isEqualTo("conf:8:0.5");
        assertThat(turn.path("text").asText()).isEqualTo("five plus eight is thirteen. the answer is thirteen.");
        assertThat(turn.path("understood").booleanValue()).isTrue();
        assertThat(turn.path("confidence").doubleValue()).isBetween(0.5, 1.0);
        assertThat(turn.path("stop").asText()).isEqualTo("end_token");
        assertThat(turn.path("steps"))
                .hasSize(turn.path("text_tokens").intValue()
                        + turn.path("speech_tokens").intValue()
                        + 1);
        assertThat(turn.path("steps").path(0).path("modality").asText()).isEqualTo("text");
        assertThat(turn.path("steps").path(0).path("exit_layer").intValue()).isEqualTo(16);
        JsonNode speech = turn.path("steps").path(13);
        assertThat(speech.path("modality").asText()).isEqualTo("speech");
        assertThat(speech.path("chunk_position").intValue()).isEqualTo(1);
        assertThat(speech.path("entropy").isNumber()).isTrue();
        assertThat(speech.path("exit_layer").intValue()).isIn(8, 16);
    }

    @Tag("full")
    @Test
    void keysAndValuesInBytesAreNamedInTheReportAndSayTheSame() throws IOException {
        JsonNode bytes = new ObjectMapper()
                .readTree(run("ask", QUESTION, "--json", "--set", "kv=q8").out());
        JsonNode plain = new ObjectMapper()
                .readTree(run("ask", QUESTION, "--json", "--set", "kv=f32").out());

        assertThat(bytes.path("kv").asText()).isEqualTo("q8");
        assertThat(plain.has("kv")).isFalse();
        assertThat(bytes.path("turns").path(0).path("text"))
                .isEqualTo(plain.path("turns").path(0).path("text"));
    }

    @Tag("full")
    @Test
    void speechLogitsAloneSayTheSame() throws IOException {
        JsonNode narrow = new ObjectMapper()
                .readTree(run("ask", QUESTION, "--exit", "even:12+speech-rows", "--json")
                        .out());
        JsonNode all = new ObjectMapper()
                .readTree(run("ask", QUESTION, "--exit", "even:12", "--json").out());

        assertThat(narrow.path("exit").asText()).isEqualTo("even:12+speech-rows");
        assertThat(tokens(narrow.path("turns").path(0)))
                .isEqualTo(tokens(all.path("turns").path(0)));
    }

    @Tag("full")
    @Test
    void treatmentsOfSkippedLayersSayOtherThingsAndAreReported() throws IOException {
        // A question of which each treatment makes something else; there are many on which they agree.
        String question = TESTDATA.resolve("demo-eval/wav/v011.wav").toString();
        List<List<Integer>> replies = new ArrayList<>();
        for (String treatment : List.of("even:6", "even:6+copy", "even:6+omit")) {
            Outcome outcome = run("ask", question, "--exit", treatment, "--json");
            JsonNode json = new ObjectMapper().readTree(outcome.out());
            assertThat(json.path("exit").asText()).isEqualTo(treatment);
            replies.add(tokens(json.path("turns").path(0)));
        }

        // Nothing exits early before the first speech.
        List<Integer> text = replies.getFirst().subList(0, 13);
        assertThat(replies)
                .doesNotHaveDuplicates()
                .allMatch(reply -> reply.subList(0, 13).equals(text));
    }

    private static List<Integer> tokens(JsonNode turn) {
        return turn.path("steps").findValues("token").stream()
                .map(JsonNode::intValue)
                .toList();
    }

    @Test
    void everyQuestionIsLookedAtBeforeTheFirstIsAnswered() throws IOException {
        Path nan = Files.write(folder.resolve("nan.wav"), floats(Float.NaN));
        Path loud = Files.write(folder.resolve("loud.wav"), floats(1e30f));

        for (Path wav : List.of(nan, loud, folder)) {
            Outcome outcome = run("ask", QUESTION, wav.toString());

            assertThat(outcome.out()).isEmpty();
            assertRefusedInOneLine(outcome, wav.toString());
        }
        assertThat(run("ask", folder.toString()).err()).contains(": is a folder, expected a WAV file");
        assertThat(run("ask", loud.toString()).err()).contains("found a peak of 1.0E30");
    }

    /** A WAV of 32-bit floats, all of them the same. */
    private static byte[] floats(float value) {
        ByteBuffer samples = ByteBuffer.allocate(4 * 16_000).order(ByteOrder.LITTLE_ENDIAN);
        while (samples.hasRemaining()) samples.putFloat(value);
        return wav(3, 16_000, 4, samples.array());
    }

    private static byte[] wav(int format, int rateHz, int sampleBytes, byte[] samples) {
        ByteBuffer wav = ByteBuffer.allocate(44 + samples.length).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(wav.capacity() - 8);
        wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) format)
                .putShort((short) 1);
        wav.putInt(rateHz).putInt(rateHz * sampleBytes);
        wav.putShort((short) sampleBytes).putShort((short) (8 * sampleBytes));
        wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(samples.length);
        return wav.put(samples).array();
    }

    @ParameterizedTest
    @CsvSource({"A_LAW, 6", "MU_LAW, 7"})
    void aRecordingOfATelephoneIsAnswered(G711 law, int format) throws IOException {
        byte[] codes = law.encode(WavFile.read(Path.of(QUESTION)).at(8_000).samples());
        Path wav = Files.write(folder.resolve("call.wav"), wav(format, 8_000, 1, codes));

        Outcome outcome = run("ask", wav.toString());

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).startsWith("five plus eight is thirteen. the answer is thirteen.");
    }

    @Test
    void severalQuestionsAreOneConversationWithNumberedAnswers() {
        Outcome outcome =
                run("ask", QUESTION, QUESTION, "--out", folder.resolve("a.wav").toString(), "--json");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(folder.resolve("a-1.wav")).exists();
        assertThat(outcome.out()).containsOnlyOnce("\"turns\"").contains("\"prompt_tokens\" : ");
    }

    @Test
    void typedQuestionIsAnswered() {
        Outcome outcome = run("ask", "--text", "What is 2 + 3?");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).startsWith("two plus three is five. the answer is five.");
    }

    @Test
    void runawayGuardIsReported() {
        Outcome outcome = run("ask", QUESTION, "--max-new-tokens", "20");

        assertThat(outcome.out()).contains("stopped: --max-new-tokens reached");
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    @Test
    void questionThatIsTooLongIsRefusedBeforeTheFirstIsAnswered() throws IOException {
        float[] hours = new float[3_600_000];
        hours[0] = 0.5f;
        Path wav = folder.resolve("hours.wav");
        WavFile.write(wav, new Waveform(hours, 1000), SampleFormat.PCM16);

        Outcome outcome = run("ask", QUESTION, wav.toString());

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("question: 3600 s of audio do not fit into the context, expected at most ");
        assertThat(run("ask", "").err()).isEqualTo("sparrow: expected a file name, got nothing\n");
    }
}
