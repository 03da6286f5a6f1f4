package sparrow.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Work that is done alone. */
class ConcurrencyLimiterTest {
    @Test
    void whoeverFindsTooManyWaitingIsSentAway() {
        ConcurrencyLimiter limiter = new ConcurrencyLimiter(1, 0, "codes wait");

        limiter.pass(() -> {
            assertThatThrownBy(() -> limiter.pass(() -> 2)).isInstanceOfSatisfying(HttpFailure.class, failure -> {
                assertThat(failure.status()).isEqualTo(429);
                assertThat(failure.retryAfter()).isPresent();
            });
            return 1;
        });

        assertThat(limiter.<Integer>pass(() -> 3)).isEqualTo(3);
    }

    @Test
    void thoseThatWaitComeOneAfterTheOther() {
        ConcurrencyLimiter limiter = new ConcurrencyLimiter(1, 7, "codes wait");
        AtomicInteger inside = new AtomicInteger();
        List<CompletableFuture<Integer>> all = new ArrayList<>();

        for (int i = 0; i < 8; i++) {
            all.add(CompletableFuture.supplyAsync(() -> limiter.pass(() -> {
                int together = inside.incrementAndGet();
                Thread.yield();
                inside.decrementAndGet();
                return together;
            })));
        }

        assertThat(all).allMatch(one -> one.join() == 1);
    }

    @Test
    void noVirtualThreadIsKeptBusy() throws Exception {
        ConcurrencyLimiter limiter = new ConcurrencyLimiter(1, 0, "codes wait");

        try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Boolean> call =
                    () -> limiter.pass(() -> Thread.currentThread().isVirtual());
            assertThat(calls.submit(call).get()).isFalse();
        }
    }

    @Test
    void workThatFailsLetsTheNextIn() {
        ConcurrencyLimiter limiter = new ConcurrencyLimiter(1, 0, "codes wait");

        assertThatThrownBy(() -> limiter.pass(() -> {
                    throw new IllegalArgumentException("codes");
                }))
                .hasMessage("codes");

        assertThat(limiter.<Integer>pass(() -> 1)).isEqualTo(1);
    }
}
