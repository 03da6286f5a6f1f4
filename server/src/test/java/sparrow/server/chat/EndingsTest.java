package sparrow.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.chat.ChatHistory;
import sparrow.models.pool.ConversationPool;
import sparrow.models.pool.PoolOptions;
import sparrow.models.pool.ReplyHandle;
import sparrow.models.pool.ReplyListener;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SpeechMode;
import sparrow.server.Running;
import sparrow.server.Socketed;
import sparrow.server.Wire;
import sparrow.server.http.Access;
import sparrow.server.http.AuthHandler;
import sparrow.server.http.HttpPort;
import sparrow.server.http.Router;
import sparrow.server.metrics.FinishedReply;
import sparrow.server.metrics.FinishedReply.Ending;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.reply.Answering;
import sparrow.server.reply.AudioEncoderService;
import sparrow.server.reply.ServedModel;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** How a stream waits, and how it ends when there is no more to come. */
class EndingsTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Access ANYBODY = new Access(Optional.empty(), Set.of(), "127.0.0.1");

    private static ComputePool threads;
    private static SpokenModel model;

    private ConversationPool pool;
    private HttpPort port;
    private ReplyHandle held;
    private final BlockingQueue<FinishedReply> finished = new LinkedBlockingQueue<>();

    @BeforeAll
    static void open() throws IOException {
        threads = ComputePool.ofMachine();
        model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(threads));
    }

    @AfterAll
    static void close() {
        model.close();
        threads.close();
    }

    @BeforeEach
    void start() throws IOException {
        start(Duration.ofMillis(20), PATIENCE);
    }

    private void start(Duration waiting, Duration stalled) throws IOException {
        pool = new ConversationPool(model, new PoolOptions(1, 8, 1L << 30, Duration.ofMillis(250), 1));
        ServedModel served = new ServedModel(Running.MODEL, pool, Running.config(model), Instant.EPOCH);
        ServerMetrics metrics =
                new ServerMetrics(Running.MODEL, model.languageModel().layers());
        ChatEndpoint chat = new ChatEndpoint(
                served,
                new Answering(served, metrics, finished::add, waiting),
                new AudioEncoderService(model),
                Clock.systemUTC());
        port = HttpPort.create("127.0.0.1", 0, Optional.empty(), stalled, PATIENCE);
        port.start(new AuthHandler(ANYBODY, _ -> true, new GracefulHandler(new Router().on("POST", CHAT, chat))));
        // Keeps the pool busy until it is cancelled.
        held = pool.ask(
                ChatHistory.of(new Question.Typed("hello")),
                new ReplyOptions(Running.config(model), SpeechMode.SILENT),
                new ReplyListener() {
                    @Override
                    public boolean isReady() {
                        return false;
                    }
                });
    }

    @AfterEach
    void stop() {
        port.close();
        pool.close();
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + port.port());
    }

    private static boolean listens(URI address) {
        try (Socketed _ = new Socketed(address)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Socketed streaming() throws IOException {
        return new Socketed(address()).post(CHAT, Wire.chat("\"hello\"", "\"stream\":true,\"max_tokens\":30"));
    }

    @Test
    void aClientThatWaitsIsToldSo() throws Exception {
        try (Socketed client = streaming()) {
            assertThat(client.readUntil(": wait"))
                    .contains("\"role\":\"assistant\"")
                    .doesNotContain("\"content\":\"h");

            held.cancel();

            assertThat(client.readUntil("[DONE]")).contains("\"finish_reason\":\"length\"");
        }
    }

    @Test
    void aReplyThatBreaksOffEndsInAnErrorAndIsNotDone() throws Exception {
        try (Socketed client = streaming()) {
            client.readUntil(": wait");

            pool.close();

            assertThat(client.readUntil("\r\n0\r\n"))
                    .contains("data: {\"error\":{\"message\":")
                    .doesNotContain("[DONE]");
        }
    }

    @Test
    void aReplyUnderWayIsFinishedBeforeTheServerEnds() throws Exception {
        try (Socketed client = streaming()) {
            client.readUntil(": wait");
            URI address = address();
            CompletableFuture<Void> closed = CompletableFuture.runAsync(port::close);
            Wire.until(() -> !listens(address));
            assertThat(client.readUntil(": wait")).contains(": wait");
            assertThat(closed).isNotDone();

            held.cancel();

            assertThat(client.readUntil("[DONE]")).contains("\"finish_reason\":\"length\"");
            closed.get(5, TimeUnit.MINUTES);
        }
    }

    @Test
    void aClientThatTakesNothingIsGivenUp() throws Exception {
        stop();
        // Told so often that it waits that what nobody takes soon fills every buffer between both.
        start(Duration.ZERO, Duration.ofMillis(300));
        try (Socketed client = streaming()) {
            assertThat(finished.poll(5, TimeUnit.MINUTES))
                    .extracting(FinishedReply::ending)
                    .isEqualTo(Ending.DISCONNECTED);
            Wire.until(() -> pool.status().waiting() == 0);

            assertThat(client.readUntil("[DONE]"))
                    .doesNotContain("finish_reason\":\"")
                    .doesNotContain("[DONE]");
        }
    }

    @Test
    void aClientThatDoesNotSendWhatItAnnouncedIsToldThatItWasTooSlow() throws Exception {
        stop();
        start(PATIENCE, Duration.ofMillis(300));
        try (Socketed client = new Socketed(address())) {
            client.send(("POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 100\r\n\r\n{")
                    .getBytes(StandardCharsets.US_ASCII));

            assertThat(client.readUntil("}}")).contains("408").contains("request_timeout");
        }
    }
}
