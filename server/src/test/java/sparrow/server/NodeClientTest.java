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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.PoolOptions;
import sparrow.models.pool.ReplyListener;
import sparrow.server.audio.Pcm16;
import sparrow.speech.wave.WavFile;

/** OpenAI's client for Node, over TLS: it takes nothing else for the socket. */
@EnabledIfSystemProperty(
        named = "sparrow.node",
        matches = "true",
        disabledReason = "needs Node and npm: ./sparrow test -Pnode")
class NodeClientTest {
    private static final String KEY = "a-key-of-the-test";
    private static final List<String> PACKAGES = List.of("openai@7.57.0", "ws@8.23.0");

    @TempDir
    private Path folder;

    @Test
    void chatsAndTalksLikeTheCommandLine() throws Exception {
        install();
        Files.copy(Path.of("src", "test", "node", "client.mjs"), folder.resolve("client.mjs"));
        TestKeystore keystore = TestKeystore.make(folder);
        Path samples = Files.write(
                folder.resolve("q01.pcm"),
                Pcm16.encode(WavFile.read(Running.example(1)).at(24_000).samples()));
        ServerOptions options = Running.OPTIONS.withTls(keystore.tls()).withApiKey(KEY);
        try (Running running = new Running(options, PoolOptions.DEFAULT)) {
            String output = run(
                    Map.of("NODE_EXTRA_CA_CERTS", keystore.pem().toString()),
                    "node",
                    "client.mjs",
                    running.server.address() + "/v1",
                    KEY,
                    keystore.pem().toString(),
                    Running.example(1).toAbsolutePath().toString(),
                    samples.toString());

            JsonNode heard = new ObjectMapper().readTree(output);
            Answer alone = new Conversation(
                            running.model,
                            running.config().plan(),
                            running.config().sampling(),
                            running.config().limits())
                    .ask(Running.question(1), ReplyListener.NONE);
            // 16-bit samples at 24 kHz; both ways of cutting a sound lose or gain less than 10 ms.
            double bytes = alone.speech().seconds() * 48_000;
            assertThat(heard.at("/chat/transcript").asText()).isEqualTo(alone.text());
            assertThat(heard.at("/chat/finish").asText()).isEqualTo("stop");
            assertThat(heard.at("/chat/bytes").asDouble()).isBetween(bytes - 480, bytes + 480);
            assertThat(heard.at("/realtime/status").asText()).isEqualTo("completed");
            assertThat(heard.at("/realtime/transcript").asText()).isEqualTo(alone.text());
            assertThat(heard.at("/realtime/bytes").asDouble()).isBetween(bytes - 480, bytes + 480);
            assertThat(heard.at("/realtime/events"))
                    .extracting(JsonNode::asText)
                    .startsWith("session.created", "conversation.created", "session.updated")
                    .doesNotContain("error");
        }
    }

    /** Without a lockfile, which would name where the packages came from. */
    private void install() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"));
        command.addAll(PACKAGES);
        Process npm = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("npm.log").toFile())
                .start();
        boolean installed = npm.waitFor(2, TimeUnit.MINUTES) && npm.exitValue() == 0;
        if (!installed) npm.destroyForcibly();
        assumeTrue(installed, () -> "npm could not install " + PACKAGES + ": skipped");
    }

    private String run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        Path errors = folder.resolve("errors.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(1, TimeUnit.MINUTES);
        if (!ended) process.destroyForcibly().waitFor();
        assertThat(ended && process.exitValue() == 0)
                .as(() -> "the client ends well: " + read(errors))
                .isTrue();
        return Files.readString(output);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
