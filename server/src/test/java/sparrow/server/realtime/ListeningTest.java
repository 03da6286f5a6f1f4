package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.server.audio.Sound;

/** Who waits for the model to listen hears of it, whatever happens. */
class ListeningTest {
    private final List<Heard> heard = new ArrayList<>();

    static Stream<Throwable> failures() {
        return Stream.of(
                new IllegalArgumentException("question: expected speech, found silence"),
                new IndexOutOfBoundsException("a defect"),
                new OutOfMemoryError("no room"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void earsThatFailAreToldAsNothingHeard(Throwable failure) {
        Listening listening = new Listening(
                _ -> {
                    throw unchecked(failure);
                },
                Runnable::run,
                Runnable::run);

        listening.hear(Sound.of(new float[10], 16_000), heard::add);

        assertThat(heard).singleElement().isInstanceOf(Heard.Nothing.class);
    }

    private static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof Error error) throw error;
        return (RuntimeException) failure;
    }

    @org.junit.jupiter.api.Test
    void threadsThatAreShutDownAreToldAtOnce() {
        Listening listening = new Listening(
                question -> question,
                _ -> {
                    throw new RejectedExecutionException();
                },
                Runnable::run);

        listening.hear(Sound.of(new float[10], 16_000), heard::add);

        assertThat(heard).containsExactly(new Heard.Nothing("the server is shutting down"));
    }
}
