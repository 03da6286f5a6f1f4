package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.engine.decode.Limits;
import sparrow.models.chat.Window;
import sparrow.server.audio.Pcm16;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.reply.RecognizerQueue;
import sparrow.server.reply.ServedModel;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** The quickstarts of clients for Python. A package that cannot be installed skips only the clients of its environment. */
@EnabledIfSystemProperty(
        named = "sparrow.python",
        matches = "true",
        disabledReason = "needs Python and pip: ./sparrow test -Ppython")
class PythonClientTest {
    private static final String KEY = "a-key-of-the-test";
    private static final int RATE_HZ = 24_000;
    private static final float LOUD = 0.01f;
    private static final String QUESTION = "libya has which capital?";
    private static final String ANSWER = "the capital of libya is tripoli. libya is in africa.";
    private static final Map<String, List<String>> PACKAGES = Map.of(
            "openai",
            List.of(
                    "openai[realtime]==3.57.0",
                    "openai-agents[voice]==0.24.0",
                    "pydantic-ai-slim[openai]==2.68.0",
                    "langchain-openai==1.8.1",
                    "litellm==1.110.2"),
            "livekit",
            List.of("livekit-agents==1.8.9", "livekit-plugins-openai==1.8.9"),
            "pipecat",
            List.of("pipecat-ai==1.14.0"));

    private static final String CHECKER = "schemathesis==4.32.5";

    @TempDir
    private static Path folder;

    /** The bundled model cannot read aloud. The speech of this one is noise. */
    private static Running reader;

    private static Running running;
    private static RecognizerQueue recognizer;
    private static SparrowServer server;
    private static final Map<String, PythonPackages> INSTALLED = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
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
        reader = Running.lfm2(Running.OPTIONS.withApiKey(KEY), new Limits(40, 20));
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
        if (reader != null) reader.close();
    }

    /** Recognises the same question in each recording with speech. Clients also commit silence. */
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
     * @param environment the key of the packages
     * @param typed the number of typed questions in the quickstart
     * @param spoken the number of spoken questions in the quickstart
     * @param transcribed the number of spoken questions that are transcribed
     */
    @ParameterizedTest
    @CsvSource({
        "openai, openai, 2, 1, 0",
        "openai, agents, 1, 1, 1",
        "openai, voice, 0, 2, 2",
        "openai, pydantic_ai, 2, 1, 1",
        "openai, langchain, 2, 0, 0",
        "openai, litellm, 2, 0, 0",
        "livekit, livekit, 0, 4, 4",
        "pipecat, pipecat, 2, 4, 4"
    })
    void isAnsweredAsWritten(String environment, String client, int typed, int spoken, int transcribed)
            throws Exception {
        PythonPackages python = INSTALLED.get(environment);
        if (python == null) {
            python = PythonPackages.install(folder, environment, PACKAGES.get(environment));
            INSTALLED.put(environment, python);
        }
        boolean ended = python.run(
                "python",
                List.of(
                        "quickstarts.py",
                        client,
                        server.address() + "/v1",
                        reader.server.address() + "/v1",
                        KEY,
                        QUESTION,
                        "question.pcm"));
        assertThat(ended).as(python::errors).isTrue();
        JsonNode heard = new ObjectMapper().readTree(python.output());
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
        PythonPackages checker = PythonPackages.install(folder, "checker", List.of(CHECKER));

        // Recordings and the order of messages cannot be described, so what the description allows may be rejected.
        boolean agrees = checker.run(
                "schemathesis",
                List.of(
                        "run",
                        server.address() + "/openapi.json",
                        "--header=Authorization: Bearer " + KEY,
                        "--phases=coverage,fuzzing",
                        "--max-examples=10",
                        "--seed=1",
                        "--exclude-checks=positive_data_acceptance",
                        "--exclude-path=/v1/realtime/calls")); // the checker cannot write SDP

        assertThat(agrees).as(() -> checker.output() + checker.errors()).isTrue();
        assertThat(checker.output()).containsPattern("[1-9][0-9]{2,} passed");
    }
}
