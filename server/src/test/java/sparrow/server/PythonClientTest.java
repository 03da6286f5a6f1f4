package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.models.chat.Window;
import sparrow.server.audio.Pcm16;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.reply.RecognizerQueue;
import sparrow.server.reply.ServedModel;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** The quickstarts of clients for Python, installed into an environment of their own. */
@EnabledIfSystemProperty(
        named = "sparrow.python",
        matches = "true",
        disabledReason = "needs Python and pip: ./sparrow test -Ppython")
class PythonClientTest {
    private static final String KEY = "a-key-of-the-test";
    private static final int RATE_HZ = 24_000;
    private static final int MINUTES = 8;
    private static final float LOUD = 0.01f;
    private static final String QUESTION = "libya has which capital?";
    private static final String ANSWER = "the capital of libya is tripoli. libya is in africa.";
    private static final List<String> PACKAGES = List.of(
            "openai[realtime]==3.57.0",
            "openai-agents[voice]==0.24.0",
            "pydantic-ai-slim[openai]==2.68.0",
            "langchain-openai==1.8.1",
            "litellm==1.110.2");

    private static final String CHECKER = "schemathesis==4.32.5";

    @TempDir
    private static Path folder;

    private static Running running;
    private static RecognizerQueue recognizer;
    private static SparrowServer server;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(run("python3", "-m", "venv", "python"), "python3 has no venv with pip: skipped");
        List<String> install = new ArrayList<>(List.of("python/bin/python", "-m", "pip", "install", "--quiet"));
        install.addAll(PACKAGES);
        assumeTrue(run(install.toArray(String[]::new)), () -> "pip could not install " + PACKAGES + ": skipped");
        running = new Running();
        recognizer = new RecognizerQueue(new OneQuestion());
        server = SparrowServer.start(
                new ServedModel(
                        Running.MODEL,
                        running.pool,
                        running.config(),
                        Instant.EPOCH,
                        Window.of(running.model),
                        Optional.of(recognizer)),
                new ServerMetrics(Running.MODEL, running.model.languageModel().layers()),
                Running.OPTIONS.withApiKey(KEY));
        server.ready();
        Files.write(
                folder.resolve("question.pcm"),
                Pcm16.encode(WavFile.read(Running.example(1)).at(RATE_HZ).samples()));
        Path script = Path.of("src", "test", "python", "quickstarts.py");
        Files.copy(script, folder.resolve("quickstarts.py"));
    }

    @AfterAll
    static void stop() {
        if (server != null) server.close();
        if (recognizer != null) recognizer.close();
        if (running != null) running.close();
    }

    /** Recognises the same question in each recording with speech. The Agents SDK also commits the silence at the end. */
    private static final class OneQuestion implements SpeechRecognizer {
        @Override
        public String transcribe(Waveform speech) {
            for (float sample : speech.samples()) if (Math.abs(sample) > LOUD) return QUESTION;
            return "";
        }

        @Override
        public void close() {}
    }

    /**
     * @param typed the number of typed questions in the quickstart
     * @param spoken the number of spoken questions in the quickstart
     * @param transcribed the number of spoken questions that are transcribed
     */
    @ParameterizedTest
    @CsvSource({"openai, 2, 1, 0", "agents, 1, 1, 1", "pydantic_ai, 2, 1, 1", "langchain, 2, 0, 0", "litellm, 2, 0, 0"})
    void isAnsweredAsWritten(String client, int typed, int spoken, int transcribed) throws Exception {
        boolean ended = run(
                "python/bin/python", "quickstarts.py", client, server.address() + "/v1", KEY, QUESTION, "question.pcm");
        assertThat(ended).as(() -> read("errors.txt")).isTrue();
        JsonNode heard = new ObjectMapper().readTree(read("output.txt"));
        assertThat(heard.path("typed")).hasSize(typed);
        assertThat(heard.path("spoken")).hasSize(spoken);
        assertThat(heard.path("transcribed")).hasSize(transcribed);
        for (JsonNode text : heard.path("typed")) assertThat(text.asText()).isEqualTo(ANSWER);
        for (JsonNode text : heard.path("spoken")) assertThat(text.asText()).isEqualTo(ANSWER);
        for (JsonNode text : heard.path("transcribed"))
            assertThat(text.asText()).isEqualTo(QUESTION);
        for (JsonNode bytes : heard.path("bytes")) assertThat(bytes.asInt()).isGreaterThan(RATE_HZ);
    }

    /** Sends what the description allows and what it does not, and compares each answer with it. */
    @Test
    void theDescriptionAgreesWithTheAnswers() throws Exception {
        assumeTrue(
                run("python3", "-m", "venv", "checker")
                        && run("checker/bin/python", "-m", "pip", "install", "--quiet", CHECKER),
                () -> "pip could not install " + CHECKER + ": skipped");

        // Recordings and the order of messages cannot be described, so what the description allows may be rejected.
        boolean agrees = run(
                "checker/bin/schemathesis",
                "run",
                server.address() + "/openapi.json",
                "--header=Authorization: Bearer " + KEY,
                "--phases=coverage,fuzzing",
                "--max-examples=10",
                "--seed=1",
                "--exclude-checks=positive_data_acceptance",
                "--exclude-path=/v1/realtime/calls"); // the checker cannot write SDP

        assertThat(agrees).as(() -> read("output.txt") + read("errors.txt")).isTrue();
        assertThat(read("output.txt")).containsPattern("[1-9][0-9]{2,} passed");
    }

    /** Runs a program in the folder, and returns whether it ended well. */
    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command[0].contains("/") ? absolute(command) : command)
                    .directory(folder.toFile())
                    .redirectOutput(folder.resolve("output.txt").toFile())
                    .redirectError(folder.resolve("errors.txt").toFile())
                    .start();
            boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
            if (!ended) process.destroyForcibly();
            return ended && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    private static String[] absolute(String... command) {
        String[] found = command.clone();
        found[0] = folder.resolve(command[0]).toString();
        return found;
    }

    private static String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
