package sparrow.server.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import sparrow.server.http.HttpFailure;

/** Work that is done alone. */
class TurnstileTest {
    @Test
    void whoeverFindsTooManyWaitingIsSentAway() {
        Turnstile turnstile = new Turnstile(0);

        turnstile.pass(() -> {
            assertThatThrownBy(() -> turnstile.pass(() -> 2)).isInstanceOfSatisfying(HttpFailure.class, failure -> {
                assertThat(failure.status()).isEqualTo(429);
                assertThat(failure.retryAfter()).isPresent();
            });
            return 1;
        });

        assertThat(turnstile.<Integer>pass(() -> 3)).isEqualTo(3);
    }

    @Test
    void thoseThatWaitComeOneAfterTheOther() {
        Turnstile turnstile = new Turnstile(7);
        AtomicInteger inside = new AtomicInteger();
        List<CompletableFuture<Integer>> all = new ArrayList<>();

        for (int i = 0; i < 8; i++) {
            all.add(CompletableFuture.supplyAsync(() -> turnstile.pass(() -> {
                int together = inside.incrementAndGet();
                Thread.yield();
                inside.decrementAndGet();
                return together;
            })));
        }

        assertThat(all).allMatch(one -> one.join() == 1);
    }

    @Test
    void workThatFailsLetsTheNextIn() {
        Turnstile turnstile = new Turnstile(0);

        assertThatThrownBy(() -> turnstile.pass(() -> {
                    throw new IllegalArgumentException("codes");
                }))
                .hasMessage("codes");

        assertThat(turnstile.<Integer>pass(() -> 1)).isEqualTo(1);
    }
}
