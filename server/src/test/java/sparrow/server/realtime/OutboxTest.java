package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class OutboxTest {
    private final CountDownLatch sending = new CountDownLatch(1);
    private final CountDownLatch read = new CountDownLatch(1);

    private final Transport unread = new Transport() {
        @Override
        public void demand() {}

        @Override
        public void send(String text) throws InterruptedException {
            sending.countDown();
            read.await();
        }

        @Override
        public void ping() {}

        @Override
        public void close(int code, String reason) {}

        @Override
        public void disconnect() {}
    };

    private final Outbox outbox =
            new Outbox(unread, "unread", 10_000, CompletableFuture.completedFuture(null), () -> {});

    private boolean send(String text) {
        return outbox.send(new Protocol.Frame(text, null, Duration.ZERO));
    }

    @BeforeEach
    void fillTheConnection() throws InterruptedException {
        send("first");
        sending.await();
    }

    @AfterEach
    void end() {
        outbox.close(1000, "over");
        read.countDown();
    }

    @Test
    void charactersCountAsTheBytesThatTheyTake() {
        send("x".repeat(5000));
        assertThat(outbox.isReady()).isTrue();
        send("中".repeat(2000));

        assertThat(outbox.isReady()).isFalse();
    }

    @Test
    void manySmallFramesCountWithTheirObjects() {
        for (int i = 0; i < 100; i++) send("x");

        assertThat(outbox.isReady()).isFalse();
    }

    @Test
    void framesOfEventsThatHaveBegunAreAcceptedAfterTheOutboxIsFull() {
        send("x".repeat(20_000));

        assertThat(outbox.isReady()).isFalse();
        assertThat(send("x".repeat(2_000_000))).isTrue();
    }
}
