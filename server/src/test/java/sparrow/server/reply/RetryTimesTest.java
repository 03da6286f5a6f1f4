package sparrow.server.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryTimesTest {
    /** A stock client repeats a request twice. */
    private static final int ATTEMPTS = 3;

    private record Attempt(long time, int number) {}

    /** Simulates clients that begin together, on a server whose replies take longer than it knows at first. */
    @ParameterizedTest(name = "{0} clients, {1} places, replies of {2} ms")
    @CsvSource({
        "6, 2, 100",
        "6, 2, 500",
        "6, 2, 1000",
        "6, 2, 2000",
        "6, 2, 3000",
        "6, 2, 4000",
        "6, 1, 1500",
        "20, 4, 1000"
    })
    void clientsThatBeginTogetherAreAllAnswered(int clients, int places, int replyMillis) {
        AtomicLong now = new AtomicLong();
        RetryTimes times = new RetryTimes(now::get);
        long reply = Duration.ofMillis(replyMillis).toNanos();
        PriorityQueue<Attempt> attempts = new PriorityQueue<>((a, b) -> Long.compare(a.time(), b.time()));
        for (int i = 0; i < clients; i++) attempts.add(new Attempt(i, 1));
        List<Long> running = new ArrayList<>();
        int answered = 0;
        while (!attempts.isEmpty()) {
            Attempt attempt = attempts.remove();
            now.set(attempt.time());
            running.stream().filter(end -> end <= now.get()).forEach(_ -> times.ended(reply));
            running.removeIf(end -> end <= now.get());
            if (running.size() < places) {
                running.add(now.get() + reply);
                answered++;
            } else if (attempt.number() < ATTEMPTS) {
                long wait = times.next(places).toNanos();
                attempts.add(new Attempt(now.get() + wait, attempt.number() + 1));
            }
        }

        assertThat(answered).isEqualTo(clients);
    }
}
