package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A deadlock shows as the timeout; none of the tests depends on how fast a thread is. */
@Timeout(300)
class ComputePoolTest {
    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 2, 3, 5})
    void everyPieceRunsExactlyOnce(int threads) {
        try (ComputePool pool = new ComputePool(threads)) {
            for (int pieces : List.of(0, 1, 2, 3, 7, 64, 1000)) {
                AtomicIntegerArray runs = new AtomicIntegerArray(pieces);

                for (int job = 0; job < 50; job++) pool.forEach(pieces, runs::incrementAndGet);

                for (int piece = 0; piece < pieces; piece++)
                    assertThat(runs.get(piece)).isEqualTo(50);
            }
        }
    }

    @Test
    void littleWorkStaysOnTheCallingThread() {
        try (ComputePool pool = new ComputePool(3)) {
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            AtomicIntegerArray runs = new AtomicIntegerArray(1000);

            pool.forEach(1000, 1000, piece -> {
                threads.add(Thread.currentThread());
                runs.incrementAndGet(piece);
            });

            assertThat(threads).containsExactly(Thread.currentThread());
            for (int piece = 0; piece < 1000; piece++)
                assertThat(runs.get(piece)).isEqualTo(1);
        }
    }

    @Test
    void muchWorkIsShared() {
        try (ComputePool pool = new ComputePool(2)) {
            CountDownLatch both = new CountDownLatch(2);

            // Each piece waits for the other: the calling thread alone would never come to the second one.
            pool.forEach(2, 1L << 40, piece -> {
                both.countDown();
                await(both);
            });

            assertThat(both.getCount()).isZero();
        }
    }

    @Test
    void aloneEverythingStaysOnTheCallingThread() {
        try (ComputePool pool = new ComputePool(3)) {
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            AtomicIntegerArray runs = new AtomicIntegerArray(1000);

            String result = pool.alone(() -> {
                pool.forEach(1000, 1L << 40, piece -> {
                    threads.add(Thread.currentThread());
                    runs.incrementAndGet(piece);
                });
                return "done";
            });

            assertThat(result).isEqualTo("done");
            assertThat(threads).containsExactly(Thread.currentThread());
            for (int piece = 0; piece < 1000; piece++)
                assertThat(runs.get(piece)).isEqualTo(1);
        }
    }

    @Test
    void afterBeingAloneWorkIsSharedAgainEvenIfItFailed() {
        try (ComputePool pool = new ComputePool(2)) {
            assertThatThrownBy(() -> pool.alone(() -> {
                        throw new IOException("gone");
                    }))
                    .isInstanceOf(IOException.class);
            pool.alone(() -> pool.alone(() -> "nested"));

            CountDownLatch both = new CountDownLatch(2);
            pool.forEach(2, piece -> {
                both.countDown();
                await(both);
            });

            assertThat(both.getCount()).isZero();
        }
    }

    @Test
    void whatThePiecesWroteIsSeenAfterwards() {
        try (ComputePool pool = new ComputePool(3)) {
            for (int job = 0; job < 2000; job++) {
                int[] written = new int[20];
                int value = job;

                pool.forEach(20, piece -> written[piece] = value);

                assertThat(written).containsOnly(value);
            }
        }
    }

    @Test
    void allThreadsTakePartAndTheCallerIsOneOfThem() {
        try (ComputePool pool = new ComputePool(3)) {
            assertThat(threadsOf(pool)).hasSize(3).contains(Thread.currentThread());
        }
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 3})
    void failureOfAPieceReachesTheCallerAndThePoolGoesOn(int threads) {
        try (ComputePool pool = new ComputePool(threads)) {
            for (Throwable failure : List.of(new IllegalStateException("piece 5"), new StackOverflowError("piece 5"))) {
                assertThatThrownBy(() -> pool.forEach(20, piece -> {
                            if (piece == 5) throwUnchecked(failure);
                        }))
                        .isSameAs(failure);

                AtomicInteger runs = new AtomicInteger();
                pool.forEach(20, piece -> runs.incrementAndGet());
                assertThat(runs).hasValue(20);
            }
        }
    }

    @Test
    void otherPiecesEndBeforeAFailureIsThrown() {
        try (ComputePool pool = new ComputePool(3)) {
            AtomicInteger ended = new AtomicInteger();

            assertThatThrownBy(() -> pool.forEach(100, piece -> {
                        if (piece % 10 == 0) throw new IllegalStateException("piece " + piece);
                        ended.incrementAndGet();
                    }))
                    .isInstanceOf(IllegalStateException.class);

            assertThat(ended).hasValue(90);
        }
    }

    @Test
    void pieceMayUseThePoolItself() {
        try (ComputePool pool = new ComputePool(3)) {
            AtomicInteger runs = new AtomicInteger();

            pool.forEach(8, outer -> pool.forEach(8, inner -> pool.forEach(4, piece -> runs.incrementAndGet())));

            assertThat(runs).hasValue(256);
        }
    }

    @Test
    void severalCallersDoNotWaitForEachOtherForever() throws Exception {
        try (ComputePool pool = new ComputePool(2);
                ExecutorService callers = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                results.add(callers.submit(() -> {
                    AtomicInteger runs = new AtomicInteger();
                    for (int job = 0; job < 500; job++) pool.forEach(9, piece -> runs.incrementAndGet());
                    return runs.get();
                }));
            }

            for (Future<Integer> result : results) assertThat(result.get()).isEqualTo(4500);
        }
    }

    @Test
    void closeEndsTheThreadsAndLeavesTheWorkToTheCaller() throws InterruptedException {
        ComputePool pool = new ComputePool(3);
        Set<Thread> workers = threadsOf(pool);
        workers.remove(Thread.currentThread());

        pool.close();
        pool.close();

        for (Thread worker : workers) worker.join();
        AtomicInteger runs = new AtomicInteger();
        pool.forEach(10, piece -> runs.incrementAndGet());
        assertThat(runs).hasValue(10);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void poolWithoutThreadsIsRefused(int threads) {
        assertThatThrownBy(() -> new ComputePool(threads).close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads: expected 1 or more, got " + threads);
    }

    @Test
    void poolOfTheMachineHasAThreadForEachProcessor() {
        try (ComputePool pool = ComputePool.ofMachine()) {
            assertThat(pool.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
        }
    }

    /** As many pieces as threads, which wait for one another: only when each has a thread of its own do they end. */
    @Test
    void moreThreadsThanAFewForEachProcessorAreRefused() {
        int most = ComputePool.maxThreads();

        assertThat(most).isBetween(16, Math.max(16, 4 * Runtime.getRuntime().availableProcessors()));
        assertThatThrownBy(() -> new ComputePool(most + 1))
                .hasMessage("threads: expected at most " + most + " on this machine, got " + (most + 1));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<Thread> threadsOf(ComputePool pool) {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CyclicBarrier together = new CyclicBarrier(pool.threads());
        pool.forEach(pool.threads(), piece -> {
            threads.add(Thread.currentThread());
            try {
                together.await();
            } catch (InterruptedException | BrokenBarrierException e) {
                throw new IllegalStateException(e);
            }
        });
        return threads;
    }

    private static void throwUnchecked(Throwable failure) {
        switch (failure) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError(failure);
        }
    }
}
