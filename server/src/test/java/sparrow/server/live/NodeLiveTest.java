package sparrow.server.live;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.Limits;
import sparrow.models.pool.PoolOptions;
import sparrow.server.NpmPackages;
import sparrow.server.Running;
import sparrow.server.audio.Pcm16;
import sparrow.speech.wave.WavFile;

/** Stock clients of GPT-Live for Node: three spoken turns in real time, the first of which is interrupted. */
@EnabledIfSystemProperty(
        named = "sparrow.node",
        matches = "true",
        disabledReason = "needs Node and npm: ./sparrow test -Pnode")
class NodeLiveTest {
    private static final String KEY = "a-key-of-the-test";
    private static final List<String> PACKAGES = List.of(
            "openai@7.59.0",
            "ws@8.23.0",
            "@livekit/agents@1.9.0",
            "@livekit/agents-plugin-openai@1.9.0",
            "@livekit/rtc-node@0.13.35",
            "@ai-sdk/openai@4.0.118");

    @TempDir
    private static Path folder;

    @BeforeAll
    static void install() throws Exception {
        NpmPackages.install(folder, PACKAGES);
        for (int number = 1; number <= 3; number++) {
            Files.write(
                    question(number),
                    Pcm16.encode(
                            WavFile.read(Running.example(number)).at(24_000).samples()));
        }
    }

    private static Path question(int number) {
        return folder.resolve("q" + number + ".pcm");
    }

    private static Running bundled;

    @BeforeAll
    static void start() throws IOException {
        bundled = new Running(Running.OPTIONS.withApiKey(KEY), PoolOptions.DEFAULT);
    }

    @AfterAll
    static void stop() {
        bundled.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "livekit", "ai-sdk"})
    void aClientAsksInterruptsAndAsksAgain(String client) throws Exception {
        JsonNode heard = talk(bundled, client);

        // Words are sent with their audio, so those of the interrupted answer end where it was interrupted.
        assertThat(heard.get("answers"))
                .extracting(JsonNode::asText)
                .satisfiesExactly(
                        interrupted -> assertThat("the capital of libya is tripoli. libya is in africa.")
                                .startsWith(interrupted)
                                .hasSizeGreaterThan(interrupted.length()),
                        second -> assertThat(second).isEqualTo("the capital of qatar is doha. qatar is in asia."),
                        third -> assertThat(third).isEqualTo("five plus eight is thirteen. the answer is thirteen."));
        assertThat(heard.at("/answers/0").asText()).startsWith("the capital");
        assertThat(heard.at("/milliseconds/0").asDouble()).as("interrupted").isBetween(600.0, 1600.0);
        assertThat(heard.at("/milliseconds/1").asDouble()).isBetween(2000.0, 4000.0);
        // 300 ms, and the delays of this machine; without pacing it would be more than 2 s.
        assertThat(heard.get("lead").asDouble()).isLessThan(1200);
    }

    /** Its answers are noise, which is long enough to be interrupted. */
    @ParameterizedTest
    @ValueSource(strings = {"openai", "livekit", "ai-sdk"})
    void aClientTalksWithAModelWhoseSpeechIsFrames(String client) throws Exception {
        try (Running lfm2 = Running.lfm2(Running.OPTIONS.withApiKey(KEY), Limits.newTokens(60))) {
            JsonNode heard = talk(lfm2, client);

            assertThat(heard.get("milliseconds"))
                    .hasSize(3)
                    .allSatisfy(ms -> assertThat(ms.asDouble()).isPositive());
            assertThat(heard.get("said").asText()).isNotEmpty();
        }
    }

    private static JsonNode talk(Running server, String client) throws Exception {
        Path script = folder.resolve("live.mjs");
        if (!Files.exists(script)) Files.copy(Path.of("src", "test", "node", "live.mjs"), script);
        List<String> arguments = new ArrayList<>(List.of(server.server.address() + "/v1", KEY, client));
        for (int number = 1; number <= 3; number++)
            arguments.add(question(number).toString());
        JsonNode heard = new ObjectMapper().readTree(run("live.mjs", arguments));
        assertThat(heard.get("errors")).isEmpty();
        assertThat(heard.get("closed").asText()).isEqualTo("close_requested");
        return heard;
    }

    @Test
    void theJavaScriptProgramOfThePageAsksAndWritesTheAnswer() throws Exception {
        Path answer = folder.resolve("answer.pcm");
        Files.writeString(folder.resolve("page.mjs"), LiveServerTest.program("js", "LiveWS"));

        String said = run(
                "page.mjs",
                List.of(bundled.server.address() + "/v1", KEY, question(1).toString(), answer.toString()));

        assertThat(said).isEqualTo("the capital of libya is tripoli. libya is in africa.");
        assertThat(Files.size(answer) / 48_000.0).isBetween(2.0, 4.0);
    }

    private static String run(String script, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(arguments);
        Path output = folder.resolve("output.txt");
        Path errors = folder.resolve("errors.txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        if (!ended) process.destroyForcibly().waitFor();
        assertThat(ended && process.exitValue() == 0)
                .as("the client ends well: %s", Files.readString(errors))
                .isTrue();
        return Files.readString(output);
    }
}
