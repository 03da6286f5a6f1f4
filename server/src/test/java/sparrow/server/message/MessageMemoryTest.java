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

    /** A heap with room for 804 bytes of large messages, and 114 bytes for small ones of up to 28. */
    private final MessageMemory memory = new MessageMemory(64 * 153);

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
        assertThat(memory.receive(100, LONG)).isNotDone();
    }

    /** Else a message that is alone could take more than its share. */
    @Test
    void theLongestMessageFitsIntoTheRoomTwiceAndItsFormsOnce() {
        for (long heap : new long[] {64 << 20, 256 << 20, 1L << 30, 64L << 30}) {
            MessageMemory any = new MessageMemory(heap);

            assertThat(2L * any.maxBytes()).isLessThanOrEqualTo(HeapShare.RECEIVED.of(heap) / 8 * 7);
            assertThat(6L * any.maxBytes()).isLessThanOrEqualTo(HeapShare.PARSED.of(heap) / 8 * 7);
        }
        assertThat(new MessageMemory(1L << 30).maxBytes()).isGreaterThan(25 << 20);
    }

    @Test
    void aSmallMessageDoesNotWaitForLargeOnes() {
        memory.receive(804, LONG).join();
        assertThat(memory.receive(100, LONG)).isNotDone();

        for (int i = 0; i < 4; i++) assertThat(memory.receive(28, LONG)).isCompleted();
        assertThat(memory.receive(28, LONG)).isNotDone();
    }

    @Test
    void roomIsGivenBackOnce() {
        Share first = memory.receive(804, LONG).join();
        first.close();
        first.close();

        memory.receive(804, LONG).join();

        assertThat(memory.receive(100, LONG)).isNotDone();
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
        MessageMemory other = new MessageMemory(64 * 54);

        Share first = other.understand(100, LONG).join();

        assertThat(other.understand(10, LONG)).isNotDone();
        assertThat(other.receive(100, LONG)).isCompleted();
        first.close();
    }

    @Test
    void longWorkHasThreadsOfThePlatform() {
        assertThat(memory.<Boolean>read(() -> Thread.currentThread().isVirtual()))
                .isFalse();
    }
}
