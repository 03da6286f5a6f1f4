package sparrow.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.models.pool.ConversationPool;
import sparrow.models.pool.PoolOptions;
import sparrow.models.pool.ReplyHandle;
import sparrow.server.Running;
import sparrow.server.Socketed;
import sparrow.server.Wire;
import sparrow.server.metrics.FinishedReply;
import sparrow.server.metrics.FinishedReply.Ending;

/** Nothing is made for a client that went away, whenever it does. */
class DisconnectTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String SPOKEN =
            "\"modalities\":[\"text\",\"audio\"],\"audio\":{\"voice\":\"alloy\",\"format\":\"%s\"}";
    private static final List<FinishedReply> FINISHED = new CopyOnWriteArrayList<>();

    private static Running running;

    @BeforeAll
    static void start() throws IOException {
        // One reply at a time, so that another waits.
        PoolOptions one = new PoolOptions(1, 8, 1L << 30, Duration.ofMillis(250), 1);
        running = new Running(Running.OPTIONS.withLog(FINISHED::add), one);
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @AfterEach
    void nothingIsLeft() {
        running.pauseAfter(Integer.MAX_VALUE);
        until(status -> status.active() == 0 && status.waiting() == 0 && status.kvReserved() == 0);
    }

    /** Looks at the pool until it is as it should be; a minute at most. */
    private static void until(Predicate<ConversationPool.Status> wanted) {
        Wire.until(() -> wanted.test(running.pool.status()));
    }

    private static FinishedReply last() {
        until(_ -> !FINISHED.isEmpty());
        return FINISHED.getLast();
    }

    private static Socketed asking(String more) throws IOException {
        FINISHED.clear();
        return new Socketed(running.server.address()).post(CHAT, Wire.asking(1, more));
    }

    @ParameterizedTest(name = "stream {0}")
    @ValueSource(booleans = {false, true})
    void whileItIsDecodedForAClientThatWaits(boolean stream) throws Exception {
        running.pauseAfter(20);
        Socketed client = asking("\"stream\":" + stream + "," + SPOKEN.formatted("pcm16"));
        until(status -> status.active() == 1);

        client.close();

        until(status -> status.active() == 0);
        assertThat(last().ending()).isEqualTo(Ending.DISCONNECTED);
        assertThat(last().reply().reply().steps().size()).isLessThan(100);
    }

    @Test
    void whileItIsVocoded() throws Exception {
        running.pauseAfter(60);
        Socketed client = asking("\"stream\":true," + SPOKEN.formatted("pcm16"));
        assertThat(client.readUntil("\"delta\":{\"audio\":{\"data\":")).contains("text/event-stream");

        client.close();

        until(status -> status.active() == 0);
        assertThat(last().ending()).isEqualTo(Ending.DISCONNECTED);
    }

    @Test
    void whileItWaits() throws Exception {
        ReplyHandle held = running.hold();
        Socketed client = asking("");
        until(status -> status.waiting() == 1);

        client.close();

        assertThat(last().ending()).isEqualTo(Ending.DISCONNECTED);
        assertThat(held.isOver()).isFalse();
        held.cancel();
    }

    /** A client that only closes its sending side, as {@code nc -N} does, waits for its answer. */
    @ParameterizedTest(name = "stream {0}")
    @ValueSource(booleans = {false, true})
    void aClientThatSendsNothingMoreIsAnswered(boolean stream) throws Exception {
        ReplyHandle held = running.hold();
        try (Socketed client = asking("\"stream\":" + stream)) {
            until(status -> status.waiting() == 1);
            client.endInput();
            String first = client.readUntil(stream ? ": wait\n\n" : "HTTP/1.1 102 Processing\r\n");
            String second = client.readUntil(stream ? ": wait\n\n" : "HTTP/1.1 102 Processing\r\n");
            held.cancel();

            String rest = client.readUntil(stream ? "[DONE]" : "\"sparrow\"");

            assertThat(first + second + rest).contains("200 OK").contains("\"finish_reason\":\"stop\"");
            assertThat(last().ending()).isEqualTo(Ending.STOP);
        }
    }

    @Test
    void aRequestThatWasSentAheadIsAnsweredAfterTheFirst() throws Exception {
        try (Socketed client = asking("\"max_tokens\":3")) {
            until(status -> status.active() == 1 || !FINISHED.isEmpty());
            client.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            String said = client.readUntil("{\"status\":\"ok\"}");

            assertThat(said).contains("chat.completion").contains("{\"status\":\"ok\"}");
            assertThat(last().ending()).isEqualTo(Ending.LENGTH);
        }
    }

    @Test
    void aConnectionIsUsedAgain() throws Exception {
        try (Socketed client = asking("\"max_tokens\":3")) {
            assertThat(client.readUntil("\"sparrow\"")).contains("200 OK");
            client.post(CHAT, Wire.asking(1, "\"max_tokens\":3"));
            assertThat(client.readUntil("\"sparrow\"")).contains("200 OK");
        }
    }
}
