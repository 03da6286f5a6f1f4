package sparrow.models.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The threads that make sound. Blocks of one reply are made in order, those of different replies side by side, the earliest
 * deadline first.
 */
final class VocoderPool implements AutoCloseable {
    /** How much the latest block counts in the real-time factor. */
    private static final double LATEST = 0.2;

    private final PoolObserver observer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<ReplySpeech> waiting = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private boolean closed;
    private volatile double realTimeFactor;

    VocoderPool(int count, PoolObserver observer) {
        this.observer = observer;
        for (int i = 1; i <= count; i++) {
            threads.add(
                    Thread.ofPlatform().daemon().name("sparrow-vocoder-" + i).start(this::work));
        }
    }

    /** Adds a block to a reply. */
    void submit(ReplySpeech speech, Runnable adding) {
        lock.lock();
        try {
            adding.run();
            if (!waiting.contains(speech)) waiting.add(speech);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Blocks that wait. */
    int queue() {
        lock.lock();
        try {
            return waiting.stream().mapToInt(ReplySpeech::waiting).sum();
        } finally {
            lock.unlock();
        }
    }

    /** Seconds that a second of sound takes to make; 0 before the first. */
    double realTimeFactor() {
        return realTimeFactor;
    }

    /** Takes in how long a block took. */
    void observe(long nanos, int samples, int sampleRateHz) {
        observer.vocoded(nanos, samples);
        if (samples == 0) return;
        double factor = nanos / 1e9 * sampleRateHz / samples;
        realTimeFactor = realTimeFactor == 0 ? factor : realTimeFactor + LATEST * (factor - realTimeFactor);
    }

    private void work() {
        while (true) {
            ReplySpeech speech;
            Runnable block;
            lock.lock();
            try {
                while (!closed && waiting.stream().noneMatch(ReplySpeech::isReady)) changed.awaitUninterruptibly();
                if (closed) return;
                speech = waiting.stream()
                        .filter(ReplySpeech::isReady)
                        .min(Comparator.comparingLong(ReplySpeech::deadline))
                        .orElseThrow();
                block = speech.next();
            } finally {
                lock.unlock();
            }
            block.run();
            finished(speech);
        }
    }

    private void finished(ReplySpeech speech) {
        lock.lock();
        try {
            speech.done();
            if (speech.waiting() == 0) waiting.remove(speech);
            else changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the threads; a block that is being made is waited for. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Threads.join(threads);
    }
}
