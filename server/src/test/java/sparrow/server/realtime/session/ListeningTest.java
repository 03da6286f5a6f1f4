package sparrow.server.realtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.models.Question;
import sparrow.server.audio.Sound;
import sparrow.server.realtime.event.Recording.Heard;

/** Who waits for the model to listen hears of it, whatever happens. */
class ListeningTest {
    private static final Sound SOUND = Sound.of(new float[1600], 16_000);

    static Stream<Throwable> failures() {
        return Stream.of(
                new IllegalArgumentException("question: expected speech, found silence"),
                new IndexOutOfBoundsException("a defect"),
                new OutOfMemoryError("no room"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void earsThatFailAreToldAsNothingHeard(Throwable failure) {
        try (EncoderThreads threads = EncoderThreads.start()) {
            CompletableFuture<Heard> heard = threads.hear(
                    _ -> {
                        throw unchecked(failure);
                    },
                    SOUND);

            assertThat(heard).succeedsWithin(5, TimeUnit.MINUTES).isInstanceOf(Heard.Nothing.class);
        }
    }

    private static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof Error error) throw error;
        return (RuntimeException) failure;
    }

    @Test
    void threadsThatAreShutDownAreToldAtOnce() {
        EncoderThreads threads = EncoderThreads.start();
        threads.close();

        assertThat(threads.hear(question -> question, SOUND))
                .isCompletedWithValue(new Heard.Nothing("the server is shutting down"));
    }

    @Test
    void nothingIsListenedToForAClientThatIsGone() {
        CountDownLatch gate = new CountDownLatch(1);
        UnaryOperator<Question> slow = question -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return question;
        };
        try (TalkingModel model = new TalkingModel();
                EncoderThreads threads = EncoderThreads.start()) {
            for (int i = 0; i < 2; i++) threads.hear(slow, SOUND);
            PooledBackend gone = new PooledBackend(model.served(), threads, Runnable::run);
            PooledBackend there = new PooledBackend(model.served(), threads, Runnable::run);
            gone.hear(SOUND, _ -> {
                throw new AssertionError("it is listened to");
            });
            there.hear(SOUND, _ -> {});

            gone.close();

            assertThat(threads.finished().getQueue()).hasSize(1);
            there.close();
            gate.countDown();
        }
    }
}
