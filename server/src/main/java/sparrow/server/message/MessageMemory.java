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
 * The part of the heap that is available to long messages, both HTTP bodies and Realtime frames. A message that grows
 * beyond {@link #shortBytes} reserves memory for its bytes before more of it is read. When it is complete, it also
 * reserves memory for its intermediate forms (text, JSON values, base64) until it has been parsed. Short messages
 * reserve no memory, because their number is limited by the number of connections. Memory is assigned in the order of
 * the requests. Thread-safe.
 */
public final class MessageMemory {
    /** The message memory of this process. */
    public static final MessageMemory HEAP =
            new MessageMemory(Runtime.getRuntime().maxMemory());

    /**
     * Number of additional bytes per byte of a message while it is parsed, mainly for Jackson's character buffers and
     * the text created from them.
     */
    private static final int FORMS = 6;

    /** Number of connections whose short messages fit into an eighth of the heap. */
    private static final int CONNECTIONS = 1024;

    private static final int MIN_SHORT = 64 << 10;
    private static final int MAX_SHORT = 1 << 20;

    private static final long IDLE_SECONDS = 10;

    private final int shortBytes;
    private final ThreadPoolExecutor readers;
    private final Room received;
    private final Room understood;

    /**
     * Creates a memory for messages.
     *
     * @param heap the size of the heap in bytes
     */
    public MessageMemory(long heap) {
        shortBytes = Math.clamp(heap / 8 / CONNECTIONS, MIN_SHORT, MAX_SHORT);
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

    /** Returns the maximum length in bytes of a message that reserves no memory. */
    public int shortBytes() {
        return shortBytes;
    }

    /**
     * Reserves memory for the bytes of a message that is still being read. A request for more than the total memory is
     * reduced to the total.
     *
     * @param bytes the maximum length of the message
     * @return a future that completes with a {@link java.util.concurrent.TimeoutException} if the reservation takes
     *     longer than the patience, and reserves nothing if it is cancelled
     */
    public CompletableFuture<Share> receive(long bytes, Duration patience) {
        return received.take(bytes, patience);
    }

    /** Reserves memory for the intermediate forms of a complete message. */
    public CompletableFuture<Share> understand(long bytes, Duration patience) {
        return understood.take(FORMS * bytes, patience);
    }

    /**
     * Parses a long message on a platform thread. On a virtual thread, parsing would block a carrier thread that
     * requests and conversations need.
     */
    public <T> T read(Supplier<T> reading) {
        try {
            return CompletableFuture.supplyAsync(reading, readers).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) throw error;
            throw (RuntimeException) e.getCause(); // a supplier throws only unchecked exceptions
        }
    }

    /** Memory reserved for a message. */
    public interface Share {
        /** Releases the memory. Repeated calls have no effect. */
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
                // Requests that arrived later may need less memory.
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
                // The request may have timed out in the meantime.
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
