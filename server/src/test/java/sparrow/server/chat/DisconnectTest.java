package sparrow.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.models.pool.ConversationPool;
import sparrow.models.pool.PoolOptions;
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
    void nothingIsLeft() throws Exception {
        until(status -> status.active() == 0 && status.waiting() == 0 && status.kvReserved() == 0);
    }

    /** Looks at the pool until it is as it should be; a minute at most. */
    private static void until(Predicate<ConversationPool.Status> wanted) throws TimeoutException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!wanted.test(running.pool.status())) {
            if (System.nanoTime() > end)
                throw new TimeoutException(running.pool.status().toString());
            Thread.onSpinWait();
        }
    }

    private static FinishedReply last() throws TimeoutException {
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
        Socketed client = asking("\"stream\":" + stream + "," + SPOKEN.formatted("pcm16"));
        until(status -> status.active() == 1);

        client.close();

        until(status -> status.active() == 0);
        assertThat(last().ending()).isEqualTo(Ending.DISCONNECTED);
        assertThat(last().reply().reply().steps().size()).isLessThan(100);
    }

    @Test
    void whileItIsVocoded() throws Exception {
        Socketed client = asking("\"stream\":true," + SPOKEN.formatted("pcm16"));
        assertThat(client.readUntil("\"delta\":{\"audio\":{\"data\":")).contains("text/event-stream");

        client.close();

        until(status -> status.active() == 0);
        assertThat(last().ending()).isEqualTo(Ending.DISCONNECTED);
    }

    @Tag("full")
    @Test
    void whileItWaits() throws Exception {
        Socketed first = asking(SPOKEN.formatted("wav"));
        until(status -> status.active() == 1);
        Socketed second = new Socketed(running.server.address()).post(CHAT, Wire.asking(2, ""));
        until(status -> status.waiting() == 1);

        second.close();

        until(status -> status.waiting() == 0);
        assertThat(first.readUntil("\"sparrow\"")).contains("200 OK");
        first.close();
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
