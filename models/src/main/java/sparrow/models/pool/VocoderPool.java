package sparrow.models.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The threads that generate audio. The blocks of one reply are generated in order while its listener is ready. Blocks
 * of different replies are generated concurrently, starting with the earliest deadline.
 */
final class VocoderPool implements AutoCloseable {
    /** Weight of the latest block in the real-time factor. */
    private static final double LATEST = 0.2;

    private final int max;
    private final PoolObserver observer;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<ReplySpeech> waiting = new ArrayList<>();

    /** Threads that are running. */
    private final List<Thread> threads = new ArrayList<>();

    private boolean closed;
    private volatile double realTimeFactor;

    /**
     * @param max the maximum number of threads; a thread ends when no block is left, so an idle pool has no threads
     */
    VocoderPool(int max, PoolObserver observer) {
        this.max = max;
        this.observer = observer;
    }

    /** Adds a block to a reply. */
    void submit(ReplySpeech speech, Runnable adding) {
        lock.lock();
        try {
            adding.run();
            if (!waiting.contains(speech)) waiting.add(speech);
            if (speech.isReady()) start();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of waiting blocks. */
    int queue() {
        lock.lock();
        try {
            return waiting.stream().mapToInt(ReplySpeech::waiting).sum();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of seconds needed to generate one second of audio, or 0 before the first block. */
    double realTimeFactor() {
        return realTimeFactor;
    }

    /** Records the time that it took to generate a block. */
    void observe(long nanos, int samples, int sampleRateHz) {
        observer.vocoded(nanos, samples);
        if (samples == 0) return;
        double factor = nanos / 1e9 * sampleRateHz / samples;
        realTimeFactor = realTimeFactor == 0 ? factor : realTimeFactor + LATEST * (factor - realTimeFactor);
    }

    private void work() {
        for (ReplySpeech speech = next(); speech != null; speech = next()) {
            speech.run();
            finished(speech);
        }
    }

    /**
     * Returns the reply whose block is generated next, or null if no block can be generated, in which case the thread
     * ends.
     */
    private ReplySpeech next() {
        Optional<ReplySpeech> held;
        lock.lock();
        try {
            Optional<ReplySpeech> first = waiting.stream()
                    .filter(speech -> !closed && speech.isReady() && speech.isWanted())
                    .min(Comparator.comparingLong(ReplySpeech::deadline));
            if (first.isPresent()) {
                first.get().begin();
                return first.get();
            }
            threads.remove(Thread.currentThread());
            held = waiting.stream().filter(ReplySpeech::isReady).findFirst();
        } finally {
            lock.unlock();
        }
        // The model's thread tests from time to time whether the listener is ready.
        held.ifPresent(ReplySpeech::wake);
        return null;
    }

    /**
     * Resumes replies whose listeners are ready again. Returns whether blocks are still waiting for their listeners.
     */
    boolean resume() {
        lock.lock();
        try {
            boolean held = false;
            for (ReplySpeech speech : waiting) {
                if (closed || !speech.isReady()) continue;
                if (speech.isWanted()) start();
                else held = true;
            }
            return held;
        } finally {
            lock.unlock();
        }
    }

    private void start() {
        if (closed || threads.size() >= max) return;
        threads.add(Thread.ofPlatform().daemon().name("sparrow-vocoder").start(this::work));
    }

    private void finished(ReplySpeech speech) {
        lock.lock();
        try {
            speech.done();
            if (speech.waiting() == 0) waiting.remove(speech);
        } finally {
            lock.unlock();
        }
    }

    /** Starts no more blocks, and waits for the blocks that are being generated. */
    @Override
    public void close() {
        List<Thread> last;
        lock.lock();
        try {
            closed = true;
            last = List.copyOf(threads);
        } finally {
            lock.unlock();
        }
        ConversationPool.join(last);
    }
}
