package sparrow.server.message;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The part of the heap that long messages may take: bodies of HTTP and frames of Realtime together. A message that grows beyond
 * {@link #shortBytes} takes room for its bytes before more of it is read. Once it is whole, it takes room for the forms in which it
 * exists until it is understood: text, values of JSON, base64. Short messages take none, because the number of connections bounds them.
 * Room is given first come, first served. Safe for every thread.
 */
public final class MessageMemory {
    /** The memory of this process, which has one heap. */
    public static final MessageMemory HEAP =
            new MessageMemory(Runtime.getRuntime().maxMemory());

    /** Bytes that a byte of a message takes, besides itself, until it is understood: mostly Jackson's characters and their text. */
    private static final int FORMS = 6;

    /** Short messages of so many connections fit into an eighth of the heap. */
    private static final int CONNECTIONS = 1024;

    private static final int LEAST_SHORT = 64 << 10;
    private static final int MOST_SHORT = 1 << 20;

    private static final long IDLE_SECONDS = 10;

    private final int shortBytes;
    private final ThreadPoolExecutor readers;
    private final Room received;
    private final Room understood;

    /** @param heap bytes that there are for everything */
    public MessageMemory(long heap) {
        shortBytes = Math.clamp(heap / 8 / CONNECTIONS, LEAST_SHORT, MOST_SHORT);
        received = new Room(heap / 8);
        understood = new Room(heap / 3);
        int processors = Runtime.getRuntime().availableProcessors();
        readers = new ThreadPoolExecutor(
                processors,
                processors,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("sparrow-messages-", 0).factory());
        readers.allowCoreThreadTimeOut(true);
    }

    /** The length up to which a message takes no room. */
    public int shortBytes() {
        return shortBytes;
    }

    /**
     * Takes room for the bytes of a message that is to be read on. More than there is in all means all of it.
     *
     * @param bytes of the whole message, at most
     * @return fails with a {@link java.util.concurrent.TimeoutException} after so much patience; cancelled, it takes nothing
     */
    public CompletableFuture<Share> receive(long bytes, Duration patience) {
        return received.take(bytes, patience);
    }

    /** Takes room for all other forms of a message that is whole. */
    public CompletableFuture<Share> understand(long bytes, Duration patience) {
        return understood.take(FORMS * bytes, patience);
    }

    /**
     * Reads a long message on a thread of the platform. On a virtual one it would keep a processor from all calls and conversations until
     * it is read.
     */
    public <T> T read(Supplier<T> reading) {
        try {
            return CompletableFuture.supplyAsync(reading, readers).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) throw error;
            throw (RuntimeException) e.getCause(); // a supplier throws no other
        }
    }

    /** The room of one message. */
    public interface Share {
        /** Gives it back; again, it does nothing. */
        void close();
    }

    private static final class Room {
        private final long size;
        private final Deque<Wait> waiting = new ArrayDeque<>();
        private long free;

        private record Wait(long bytes, CompletableFuture<Share> share) {}

        Room(long size) {
            this.size = size;
            this.free = size;
        }

        CompletableFuture<Share> take(long bytes, Duration patience) {
            CompletableFuture<Share> share = new CompletableFuture<>();
            synchronized (this) {
                waiting.add(new Wait(Math.min(bytes, size), share));
            }
            serve();
            if (share.isDone()) return share;
            share.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
            share.whenComplete((_, failure) -> {
                // Those after it may need less.
                if (failure != null) serve();
            });
            return share;
        }

        private void serve() {
            List<Wait> next = new ArrayList<>();
            synchronized (this) {
                while (!waiting.isEmpty()
                        && (waiting.peek().share().isDone() || waiting.peek().bytes() <= free)) {
                    Wait first = waiting.poll();
                    if (first.share().isDone()) continue;
                    free -= first.bytes();
                    next.add(first);
                }
            }
            for (Wait wait : next) {
                AtomicBoolean given = new AtomicBoolean();
                Share share = () -> {
                    if (given.compareAndSet(false, true)) give(wait.bytes());
                };
                // It may have run out of patience just now.
                if (!wait.share().complete(share)) share.close();
            }
        }

        private void give(long bytes) {
            synchronized (this) {
                free += bytes;
            }
            serve();
        }
    }
}
