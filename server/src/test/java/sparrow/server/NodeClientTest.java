package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.reply.StopReason;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.Window;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.PoolOptions;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyListener;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SpeechMode;
import sparrow.server.audio.AudioDecoder;
import sparrow.server.audio.Pcm16;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.audio.Sound;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** OpenAI's clients for Node, over TLS: one of them takes nothing else for the socket. */
@EnabledIfSystemProperty(
        named = "sparrow.node",
        matches = "true",
        disabledReason = "needs Node and npm: ./sparrow test -Pnode")
class NodeClientTest {
    private static final String KEY = "a-key-of-the-test";
    private static final int RATE_HZ = 24_000;
    private static final List<String> PACKAGES =
            List.of("openai@7.57.0", "ws@8.23.0", "@openai/agents-realtime@0.20.0");

    @TempDir
    private Path folder;

    @Test
    void chatsAndTalksLikeTheCommandLine() throws Exception {
        try (Server server = new Server(options -> new Running(options, PoolOptions.DEFAULT))) {
            JsonNode heard = server.talkOf(Running.example(1));

            Reply alone = Reply.of(server.running, Optional.empty(), WavFile.read(Running.example(1)));
            assertThat(alone.stop()).isEqualTo(StopReason.END_TOKEN);
            alone.assertChat(heard.path("chat"));
            alone.assertTurn(heard.path("realtime"));
            assertThat(heard.at("/realtime/said").asText()).contains("does not transcribe");
        }
    }

    /** Its replies are noise that the bounds end; the system message of the chat belongs to its prompt. */
    @Test
    void chatsAndTalksWithAModelWhoseSpeechIsFrames() throws Exception {
        Path question = Running.LFM2.resolve("wav/b_second24k.wav");
        try (Server server = new Server(options -> Running.lfm2(options, Limits.newTokens(60)))) {
            JsonNode heard = server.talkOf(question);

            Reply.of(server.running, Optional.of("You are a helpful assistant."), WavFile.read(question))
                    .assertChat(heard.path("chat"));
            Reply.of(server.running, Optional.empty(), server.committed()).assertTurn(heard.path("realtime"));
            String text = transcript(server.running, WavFile.read(question));
            assertThat(heard.at("/tasks/text").asText()).isNotEmpty().isEqualTo(text);
            assertThat(heard.at("/tasks/streamed/text").asText()).isEqualTo(text);
            assertThat(heard.at("/tasks/streamed/deltas").asText()).isEqualTo(text);
            assertThat(heard.at("/tasks/bytes").asInt()).isPositive();
            assertThat(heard.at("/realtime/said").asText()).isEqualTo(transcript(server.running, server.committed()));
        }
    }

    @Test
    void holdsThreeTurnsWithLfm3() throws Exception {
        Path question = Running.LFM3.resolve("wav/speech.wav");
        try (Server server = new Server(options -> Running.lfm3(options, Limits.newTokens(60)))) {
            JsonNode heard = server.talkOf(question);
            Reply.of(server.running, Optional.of("You are a helpful assistant."), WavFile.read(question))
                    .assertChat(heard.path("chat"));
            Reply.of(server.running, Optional.empty(), server.committed()).assertTurn(heard.path("realtime"));

            JsonNode turns = server.heard("turns.mjs", server.samples().toString());

            assertThat(turns.path("realtime")).hasSize(3);
            for (JsonNode turn : turns.path("realtime")) {
                assertThat(turn.path("status").asText()).isIn("completed", "incomplete");
            }
            assertThat(turns.at("/realtime/0/bytes").asInt()).isPositive();
            assertThat(turns.path("agent")).hasSize(3);
        }
    }

    /** The text that the command line writes down. */
    private static String transcript(Running running, Waveform recording) {
        SpokenModel transcriber = running.model.transcriber();
        GenerationConfig config = new GenerationConfig(
                running.config().plan(),
                transcriber.defaultSampling(),
                running.config().limits());
        return new Conversation(transcriber, config, Window.of(transcriber), SpeechMode.SILENT)
                .ask(new Question.Spoken(recording), ReplyListener.NONE)
                .text();
    }

    @Test
    void callsAToolAndSendsItsOutput() throws Exception {
        Path model = CallingModel.write(folder.resolve("model"), CallingModel.ARGUMENTS);
        try (Server server = new Server(options -> Running.of(model, options))) {
            JsonNode heard = server.heard("tools.mjs", CallingModel.tool().toString(), CallingModel.OUTPUT);

            for (JsonNode one : heard) {
                assertThat(one.path("name").asText()).isEqualTo(CallingModel.NAME);
                assertThat(one.path("arguments").asText()).isEqualTo(CallingModel.ARGUMENTS);
                assertThat(one.path("answer").asText()).isEqualTo(CallingModel.ANSWER);
            }
            assertThat(heard.at("/chat/finish").asText()).isEqualTo("tool_calls");
            assertThat(heard.at("/chat/said").asText()).isEqualTo(CallingModel.WORD);
            assertThat(heard.at("/realtime/deltas").asText()).isEqualTo(CallingModel.ARGUMENTS);
            assertThat(heard.at("/agent/said/0").asText()).isEqualTo(CallingModel.WORD);
            assertThat(heard.at("/agent/runs").asInt()).isEqualTo(1);
        }
    }

    /** A server over TLS, and the client that talks with it. */
    private final class Server implements AutoCloseable {
        private final TestKeystore keystore;
        private final Running running;

        Server(Start start) throws Exception {
            NpmPackages.install(folder, PACKAGES);
            keystore = TestKeystore.make(folder);
            running = start.on(Running.OPTIONS.withTls(keystore.tls()).withApiKey(KEY));
        }

        /** The client's account of a chat and a spoken turn. */
        JsonNode talkOf(Path question) throws Exception {
            Files.write(
                    samples(), Pcm16.encode(WavFile.read(question).at(RATE_HZ).samples()));
            JsonNode heard = heard(
                    "client.mjs",
                    question.toAbsolutePath().toString(),
                    samples().toString());
            assertThat(heard.at("/realtime/events"))
                    .extracting(JsonNode::asText)
                    .startsWith("session.created", "conversation.created", "session.updated")
                    .doesNotContain("error");
            return heard;
        }

        /** The account that a script gives. */
        JsonNode heard(String script, String... arguments) throws Exception {
            Files.copy(Path.of("src", "test", "node", script), folder.resolve(script));
            List<String> command = new ArrayList<>(List.of("node", script, running.server.address() + "/v1", KEY));
            command.add(keystore.pem().toString());
            command.addAll(List.of(arguments));
            Map<String, String> environment =
                    Map.of("NODE_EXTRA_CA_CERTS", keystore.pem().toString());
            return new ObjectMapper().readTree(run(environment, command.toArray(String[]::new)));
        }

        private Path samples() {
            return folder.resolve("question.pcm");
        }

        /**
         * The spoken turn as it is heard, in 16 bits, whose last millisecond waits for more: a random model answers either difference
         * with other noise.
         */
        Waveform committed() throws IOException {
            float[] heard = RealtimeFormat.PCM.decoder().accept(Files.readAllBytes(samples()));
            return Sound.of(heard, AudioDecoder.RATE_HZ).waveform();
        }

        @Override
        public void close() {
            running.close();
        }
    }

    /** The start of a server. */
    private interface Start {
        Running on(ServerOptions options) throws IOException;
    }

    /** A reply of the model itself, to compare with. */
    private record Reply(String text, double bytes, StopReason stop) {
        static Reply of(Running running, Optional<String> instructions, Waveform question) throws Exception {
            CompletableFuture<PooledReply> whole = new CompletableFuture<>();
            running.pool.ask(
                    new ChatHistory(instructions, List.of(), new Question.Spoken(question)),
                    new ReplyOptions(running.config(), SpeechMode.PUBLISHED),
                    new ReplyListener() {
                        @Override
                        public void ended(PooledReply reply) {
                            whole.complete(reply);
                        }

                        @Override
                        public void failed(RuntimeException failure) {
                            whole.completeExceptionally(failure);
                        }
                    });
            PooledReply reply = whole.get();
            double seconds = reply.timing().samples()
                    / (double) running.model.synthesizer().sampleRateHz();
            return new Reply(reply.text(), seconds * 48_000, reply.reply().stop());
        }

        void assertChat(JsonNode chat) {
            assertHeard(chat);
            assertThat(chat.path("finish").asText()).isEqualTo(stop == StopReason.END_TOKEN ? "stop" : "length");
        }

        void assertTurn(JsonNode turn) {
            assertHeard(turn);
            assertThat(turn.path("status").asText())
                    .isEqualTo(stop == StopReason.END_TOKEN ? "completed" : "incomplete");
        }

        /** 16-bit samples at 24 kHz; both ways of cutting a sound lose or gain less than 10 ms. */
        private void assertHeard(JsonNode heard) {
            assertThat(heard.path("transcript").asText()).isEqualTo(text);
            assertThat(heard.path("bytes").asDouble()).isPositive().isBetween(bytes - 480, bytes + 480);
        }
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
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
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
