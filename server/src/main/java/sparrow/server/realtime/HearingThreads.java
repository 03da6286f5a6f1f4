package sparrow.server.realtime;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The threads on which the model listens, for all sessions. A finished turn never waits for one that is still being said.
 *
 * @param finished listen to what was said
 * @param unfinished listens to what is being said
 */
record HearingThreads(ExecutorService finished, ExecutorService unfinished) implements AutoCloseable {
    /** Two for what was said, one for what is being said. */
    static HearingThreads start() {
        return new HearingThreads(
                Executors.newFixedThreadPool(
                        2,
                        Thread.ofPlatform().daemon().name("sparrow-hearing-", 0).factory()),
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("sparrow-expecting").factory()));
    }

    @Override
    public void close() {
        unfinished.shutdownNow();
        finished.shutdownNow();
    }
}
