package sparrow.server.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import sparrow.server.message.MessageMemory.Share;

class MessageMemoryTest {
    private static final Duration LONG = Duration.ofHours(1);

    /** A heap with room for 800 bytes of long messages. */
    private final MessageMemory memory = new MessageMemory(6_400);

    @Test
    void aMessageWaitsUntilThereIsRoomForAllOfIt() {
        Share first = memory.receive(500, LONG).join();
        CompletableFuture<Share> second = memory.receive(400, LONG);
        assertThat(second).isNotDone();

        first.close();

        assertThat(second).isCompleted();
    }

    @Test
    void roomIsGivenFirstComeFirstServed() {
        Share first = memory.receive(500, LONG).join();
        CompletableFuture<Share> large = memory.receive(700, LONG);
        CompletableFuture<Share> small = memory.receive(100, LONG);
        assertThat(small).isNotDone();

        first.close();

        assertThat(large).isCompleted();
        assertThat(small).isCompleted();
    }

    @Test
    void aMessageThatIsLargerThanAllRoomWaitsToBeAlone() {
        Share first = memory.receive(1, LONG).join();
        CompletableFuture<Share> huge = memory.receive(1 << 20, LONG);
        assertThat(huge).isNotDone();

        first.close();

        assertThat(huge).isCompleted();
        assertThat(memory.receive(1, LONG)).isNotDone();
    }

    @Test
    void roomIsGivenBackOnce() {
        Share first = memory.receive(800, LONG).join();
        first.close();
        first.close();

        memory.receive(800, LONG).join();

        assertThat(memory.receive(1, LONG)).isNotDone();
    }

    @Test
    void whoeverRunsOutOfPatienceOrIsCancelledLetsTheNextPass() {
        memory.receive(500, LONG).join();
        CompletableFuture<Share> impatient = memory.receive(700, Duration.ofMillis(1));
        CompletableFuture<Share> cancelled = memory.receive(700, LONG);
        CompletableFuture<Share> last = memory.receive(300, LONG);

        cancelled.cancel(false);

        assertThat(impatient)
                .failsWithin(1, TimeUnit.MINUTES)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(TimeoutException.class);
        assertThat(last).succeedsWithin(5, TimeUnit.MINUTES);
    }

    @Test
    void theFormsOfAMessageTakeRoomOfTheirOwn() {
        MessageMemory other = new MessageMemory(18 * 100);

        Share first = other.understand(100, LONG).join();

        assertThat(other.understand(1, LONG)).isNotDone();
        assertThat(other.receive(100, LONG)).isCompleted();
        first.close();
    }

    @Test
    void longWorkHasThreadsOfThePlatform() {
        assertThat(memory.<Boolean>read(() -> Thread.currentThread().isVirtual()))
                .isFalse();
    }
}
