package sparrow.server.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LongTextsTest {
    private static <T> CompletableFuture<T> onVirtualThread(Supplier<T> work) {
        return CompletableFuture.supplyAsync(
                work, Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory()));
    }

    @Test
    void otherRequestsRunWhileLongTextsAreTokenized() {
        int many = 4 * Runtime.getRuntime().availableProcessors();
        CountDownLatch served = new CountDownLatch(1);
        CompletableFuture<?>[] all = new CompletableFuture<?>[many];
        for (int i = 0; i < many; i++) {
            all[i] = onVirtualThread(() -> LongTexts.run(LongTexts.SHORT + 1, () -> {
                // Like the tokenizer, this never gives its thread away.
                while (served.getCount() > 0) Thread.onSpinWait();
                return null;
            }));
        }

        CompletableFuture<Void> other = onVirtualThread(() -> {
            served.countDown();
            return null;
        });

        assertThat(other).succeedsWithin(5, TimeUnit.MINUTES);
        assertThat(CompletableFuture.allOf(all)).succeedsWithin(5, TimeUnit.MINUTES);
    }

    @Test
    void shortTextsStayOnTheirThread() {
        CompletableFuture<Boolean> same = onVirtualThread(() -> {
            Thread caller = Thread.currentThread();
            return LongTexts.run(LongTexts.SHORT, () -> Thread.currentThread() == caller);
        });

        assertThat(same).succeedsWithin(5, TimeUnit.MINUTES).isEqualTo(true);
    }

    @Test
    void theCallerReceivesTheExceptionOfTheWork() {
        CompletableFuture<Object> failed = onVirtualThread(() -> LongTexts.run(LongTexts.SHORT + 1, () -> {
            throw new IllegalArgumentException("too long");
        }));

        assertThatThrownBy(failed::join).hasRootCauseInstanceOf(IllegalArgumentException.class);
    }
}
