package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.models.Question;
import sparrow.server.audio.Sound;
import sparrow.server.realtime.ConversationBackend.Heard;

/** Who waits for the model to listen hears of it, whatever happens. */
class ListeningTest {
    private final CompletableFuture<Heard> heard = new CompletableFuture<>();

    static Stream<Throwable> failures() {
        return Stream.of(
                new IllegalArgumentException("question: expected speech, found silence"),
                new IndexOutOfBoundsException("a defect"),
                new OutOfMemoryError("no room"));
    }

    private void hear(HearingThreads threads, UnaryOperator<Question> ears) {
        threads.hear(ears, Sound.of(new float[10], 16_000), heard::complete);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void earsThatFailAreToldAsNothingHeard(Throwable failure) {
        try (HearingThreads threads = HearingThreads.start()) {
            hear(threads, _ -> {
                throw unchecked(failure);
            });

            assertThat(heard).succeedsWithin(30, TimeUnit.SECONDS).isInstanceOf(Heard.Nothing.class);
        }
    }

    private static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof Error error) throw error;
        return (RuntimeException) failure;
    }

    @Test
    void threadsThatAreShutDownAreToldAtOnce() {
        HearingThreads threads = HearingThreads.start();
        threads.close();

        hear(threads, question -> question);

        assertThat(heard).isCompletedWithValue(new Heard.Nothing("the server is shutting down"));
    }
}
