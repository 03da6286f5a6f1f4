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
 * the requests, but an eighth of it is only for messages that need a small part, such as a spoken question, so that
 * they do not wait for huge messages. Thread-safe.
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

    /** Number of connections whose short messages fit into {@link HeapShare#CONNECTIONS}. */
    private static final int CONNECTIONS = 1024;

    /** Memory of a connection in addition to its message: the buffers and stacks of its threads. */
    private static final int CONNECTION_BYTES = 16 << 10;

    private static final int MIN_SHORT = 16 << 10;
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
        long connection = HeapShare.CONNECTIONS.of(heap) / CONNECTIONS;
        shortBytes = Math.clamp(connection - CONNECTION_BYTES, MIN_SHORT, MAX_SHORT);
        received = new Room(HeapShare.RECEIVED, heap);
        understood = new Room(HeapShare.PARSED, heap);
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

    /** Returns the maximum length in bytes of a message, for which there is memory if no other message has any. */
    public int maxBytes() {
        // A message of unknown length is copied while it is received.
        return (int) Math.min(Integer.MAX_VALUE / 2, Math.min(received.usable() / 2, understood.usable() / FORMS));
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
        private final HeapShare share;
        private final long size;
        private final Deque<Wait> small = new ArrayDeque<>();
        private final Deque<Wait> large = new ArrayDeque<>();
        private long free;

        private record Wait(long bytes, CompletableFuture<Share> share) {}

        Room(HeapShare share, long heap) {
            this.share = share;
            this.size = share.of(heap);
            this.free = size;
        }

        CompletableFuture<Share> take(long bytes, Duration patience) {
            CompletableFuture<Share> share = new CompletableFuture<>();
            synchronized (this) {
                (isSmall(bytes) ? small : large).add(new Wait(Math.min(bytes, usable()), share));
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
                serve(small, next);
                serve(large, next);
            }
            for (Wait wait : next) {
                AtomicBoolean given = new AtomicBoolean();
                Share taken = () -> {
                    if (given.compareAndSet(false, true)) give(wait.bytes());
                };
                // The request may have timed out in the meantime.
                if (!wait.share().complete(taken)) taken.close();
            }
        }

        private void serve(Deque<Wait> waiting, List<Wait> into) {
            while (!waiting.isEmpty()
                    && (waiting.peek().share().isDone() || fits(waiting.peek().bytes()))) {
                Wait first = waiting.poll();
                if (first.share().isDone()) continue;
                free -= first.bytes();
                share.add(first.bytes());
                into.add(first);
            }
        }

        /** Returns the part for large messages. */
        private long usable() {
            return size - size / 8;
        }

        private boolean isSmall(long bytes) {
            return bytes <= size / 32;
        }

        private boolean fits(long bytes) {
            return bytes <= (isSmall(bytes) ? free : free - size / 8);
        }

        private void give(long bytes) {
            synchronized (this) {
                free += bytes;
                share.add(-bytes);
            }
            serve();
        }
    }
}
