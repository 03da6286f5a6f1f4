package sparrow.server.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class SendQueueTest {
    private final AtomicInteger rooms = new AtomicInteger();
    private final SendQueue<String> box = new SendQueue<>(100, 200, Duration.ofSeconds(10), rooms::incrementAndGet);

    private boolean offer(String message, long bytes, double seconds) {
        return box.offer(message, bytes, Duration.ofMillis(Math.round(seconds * 1_000)));
    }

    @Test
    void messagesComeOutInTheirOrderAndAreCounted() throws InterruptedException {
        offer("a", 10, 0);
        offer("b", 20, 1.5);

        assertThat(box.bytes()).isEqualTo(30);
        assertThat(box.audio()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(box.take()).contains("a");
        assertThat(box.bytes()).isEqualTo(20);
        assertThat(box.take()).contains("b");
        assertThat(box.bytes()).isZero();
        assertThat(box.audio()).isZero();
    }

    @Test
    void isFullByBytesOrBySoundAndSaysWhenThereIsRoomAgain() throws InterruptedException {
        offer("a", 99, 1);
        assertThat(box.isFull()).isFalse();
        offer("b", 1, 1);
        assertThat(box.isFull()).isTrue();
        assertThat(rooms).hasValue(0);
        box.take();
        assertThat(box.isFull()).isFalse();
        assertThat(rooms).hasValue(1);

        offer("c", 1, 9);
        assertThat(box.isFull()).isTrue();
        box.take();
        box.take();
        assertThat(rooms).as("once for each time that it was full").hasValue(2);
    }

    @Test
    void aBoxThatIsStillFullHasNoRoom() throws InterruptedException {
        for (int i = 0; i < 3; i++) offer("sound", 60, 0);

        box.take();
        assertThat(rooms).hasValue(0);
        box.take();
        assertThat(rooms).hasValue(1);
    }

    @Test
    void takesUpToTwiceItsSizeAndRefusesMore() {
        assertThat(offer("a", 150, 0)).isTrue();
        assertThat(offer("b", 50, 0)).isTrue();
        assertThat(offer("c", 1, 0)).isFalse();
        assertThat(box.bytes()).isEqualTo(200);
        box.removeIf(message -> true);

        assertThat(offer("a", 1, 20)).isTrue();
        assertThat(offer("b", 1, 0.001)).isFalse();
        assertThat(offer("c", 1, 0)).isTrue();
    }

    @Test
    void anEmptyBoxTakesAnyMessage() {
        assertThat(offer("all of a long item", 1_000_000, 0)).isTrue();
        assertThat(offer("more", 1, 0)).isFalse();
    }

    @Test
    void pointlessMessagesAreTakenOut() throws InterruptedException {
        offer("sound 1", 60, 6);
        offer("done", 1, 0);
        offer("sound 2", 60, 6);

        box.removeIf(message -> message.startsWith("sound"));

        assertThat(rooms).hasValue(1);
        assertThat(box.bytes()).isEqualTo(1);
        assertThat(box.audio()).isZero();
        assertThat(box.take()).contains("done");
    }

    @Test
    void aClosedBoxIsEmptiedAndTakesNothing() throws InterruptedException {
        offer("a", 1, 0);
        box.close();

        assertThat(offer("b", 1, 0)).isFalse();
        assertThat(box.take()).contains("a");
        assertThat(box.take()).isEmpty();
    }

    @Test
    void aTakerWaitsUntilSomethingComesOrTheBoxIsClosed() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Optional<String>> first = threads.submit(box::take);
            offer("a", 1, 0);
            assertThat(first.get()).contains("a");

            Future<Optional<String>> second = threads.submit(box::take);
            box.close();
            assertThat(second.get()).isEmpty();
        }
    }

    @Test
    void nothingIsLostOrDoubledBetweenThreads() throws Exception {
        SendQueue<Integer> many = new SendQueue<>(() -> {});
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Integer>> taken = threads.submit(() -> {
                List<Integer> all = new ArrayList<>();
                for (Optional<Integer> one = many.take(); one.isPresent(); one = many.take()) all.add(one.get());
                return all;
            });
            List<Future<?>> producers = new ArrayList<>();
            for (int producer = 0; producer < 4; producer++) {
                int first = producer * 1_000;
                producers.add(threads.submit(() -> {
                    for (int i = 0; i < 1_000; i++) many.offer(first + i, 1, Duration.ofMillis(1));
                }));
            }
            for (Future<?> producer : producers) producer.get();
            many.close();

            assertThat(taken.get())
                    .hasSize(4_000)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 4_000).boxed().toList());
            assertThat(many.bytes()).isZero();
            assertThat(many.audio()).isZero();
        }
    }
}
