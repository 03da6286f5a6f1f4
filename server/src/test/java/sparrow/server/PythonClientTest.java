package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.models.pool.PoolOptions;
import sparrow.server.audio.Pcm16;
import sparrow.speech.wave.WavFile;

/** The quickstarts of clients for Python, installed into an environment of their own. */
@EnabledIfSystemProperty(
        named = "sparrow.python",
        matches = "true",
        disabledReason = "needs Python and pip: ./sparrow test -Ppython")
class PythonClientTest {
    private static final String KEY = "a-key-of-the-test";
    private static final int RATE_HZ = 24_000;
    private static final int MINUTES = 8;
    private static final String QUESTION = "libya has which capital?";
    private static final String ANSWER = "the capital of libya is tripoli. libya is in africa.";
    private static final List<String> PACKAGES = List.of(
            "openai[realtime]==3.57.0",
            "openai-agents==0.24.0",
            "pydantic-ai-slim[openai]==2.68.0",
            "langchain-openai==1.8.1",
            "litellm==1.110.2");

    @TempDir
    private static Path folder;

    private static Running running;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(run("python3", "-m", "venv", "python"), "python3 has no venv with pip: skipped");
        List<String> install = new ArrayList<>(List.of("python/bin/python", "-m", "pip", "install", "--quiet"));
        install.addAll(PACKAGES);
        assumeTrue(run(install.toArray(String[]::new)), () -> "pip could not install " + PACKAGES + ": skipped");
        running = new Running(Running.OPTIONS.withApiKey(KEY), PoolOptions.DEFAULT);
        Files.write(
                folder.resolve("question.pcm"),
                Pcm16.encode(WavFile.read(Running.example(1)).at(RATE_HZ).samples()));
        Path script = Path.of("src", "test", "python", "quickstarts.py");
        Files.copy(script, folder.resolve("quickstarts.py"));
    }

    @AfterAll
    static void stop() {
        if (running != null) running.close();
    }

    /**
     * @param typed the number of typed questions in the quickstart
     * @param spoken the number of spoken questions in the quickstart
     */
    @ParameterizedTest
    @CsvSource({"openai, 2, 1", "agents, 1, 1", "pydantic_ai, 2, 0", "langchain, 2, 0", "litellm, 2, 0"})
    void isAnsweredAsWritten(String client, int typed, int spoken) throws Exception {
        boolean ended = run(
                "python/bin/python",
                "quickstarts.py",
                client,
                running.server.address() + "/v1",
                KEY,
                QUESTION,
                "question.pcm");
        assertThat(ended).as(() -> read("errors.txt")).isTrue();
        JsonNode heard = new ObjectMapper().readTree(read("output.txt"));
        assertThat(heard.path("typed")).hasSize(typed);
        assertThat(heard.path("spoken")).hasSize(spoken);
        for (JsonNode text : heard.path("typed")) assertThat(text.asText()).isEqualTo(ANSWER);
        for (JsonNode text : heard.path("spoken")) assertThat(text.asText()).isEqualTo(ANSWER);
        for (JsonNode bytes : heard.path("bytes")) assertThat(bytes.asInt()).isGreaterThan(RATE_HZ);
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
