package sparrow.server.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Invocable;
import sparrow.server.message.MessageMemory;

/** Reads request bodies up to a maximum length. Long bodies are limited by the {@link MessageMemory}. Thread-safe. */
final class BodyReader {
    /** Maximum length of a body, enough for ten minutes of 16-bit audio at 16 kHz in base64. */
    static final int MAX_BYTES = 25 << 20;

    /**
     * Maximum number of discarded bytes. It is greater than {@link #MAX_BYTES}, so that a slightly longer body is read
     * to its end.
     */
    private static final int MAX_DISCARDED = 2 * MAX_BYTES;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * Minimum average rate of a long body in bytes per second, measured from the time at which it received memory.
     * Other requests may be waiting for that memory.
     */
    private static final int MIN_RATE = 32 << 10;

    /**
     * Minimum average rate of a short body in bytes per second, measured since it began. The rate is low, half the rate
     * of slow networks, because a short body occupies only a connection.
     */
    private static final int MIN_SHORT_RATE = 4 << 10;

    private final MessageMemory memory;
    private final Duration patience;
    private final int maxBytes;

    BodyReader(MessageMemory memory) {
        this(memory, PATIENCE);
    }

    /** @param patience the maximum time to wait for memory, and the minimum time in which a body may arrive */
    BodyReader(MessageMemory memory, Duration patience) {
        this.memory = memory;
        this.patience = patience;
        this.maxBytes = Math.min(MAX_BYTES, memory.maxBytes());
    }

    /**
     * Reads a complete body.
     *
     * @param announced the length given by the header, or negative if unknown
     * @param parser a function that parses the bytes, which may take a long time
     * @param reader a function that converts the parsed body to a result that takes less memory
     * @throws HttpFailure if the body is longer than {@link #MAX_BYTES}, if it arrives too slowly, or if too many long
     *     bodies are being read
     */
    <P, T> T read(Content.Source in, long announced, Function<byte[], P> parser, Function<P, T> reader)
            throws IOException {
        if (announced > maxBytes) throw tooLong(announced + " bytes");
        MessageMemory.Share received = null;
        MessageMemory.Share understood = null;
        long since = System.nanoTime();
        int before = 0;
        try {
            byte[] body = {};
            int length = 0;
            for (boolean isLast = false; !isLast; ) {
                long minRate = received == null ? MIN_SHORT_RATE : MIN_RATE;
                long allowed = Math.max(patience.toNanos(), (length - before) * 1_000_000_000L / minRate);
                Content.Chunk chunk = next(in, since + allowed);
                try {
                    int count = chunk.remaining();
                    if (length + count > maxBytes) throw tooLong("more");
                    if (received == null && length + count > memory.shortBytes()) {
                        // A buffer of unknown size is copied when it grows, and then takes twice the memory.
                        received = await(memory.receive(announced < 0 ? 2L * maxBytes : announced, patience));
                        since = System.nanoTime();
                        before = memory.shortBytes();
                        if (announced > 0) body = Arrays.copyOf(body, (int) announced);
                    }
                    if (length + count > body.length) {
                        body = Arrays.copyOf(body, Math.max(length + count, Math.min(2 * body.length, maxBytes)));
                    }
                    chunk.get(body, length, count);
                    length += count;
                    isLast = chunk.isLast();
                } finally {
                    chunk.release();
                }
            }
            byte[] all = length == body.length ? body : Arrays.copyOf(body, length);
            if (received == null) return reader.apply(parser.apply(all));
            understood = await(memory.understand(length, patience));
            return reader.apply(memory.read(() -> parser.apply(all)));
        } finally {
            if (understood != null) understood.close();
            if (received != null) received.close();
        }
    }

    /**
     * Waits for the next part of a body. The extensions of chunks and the trailers are no part of a body, so they do
     * not prolong the time. Jetty's own handler for slow senders has only one rate for all requests.
     *
     * @param end the time at which the next part must have arrived, in nanoseconds
     */
    private static Content.Chunk next(Content.Source in, long end) throws IOException {
        while (System.nanoTime() - end < 0) {
            Content.Chunk chunk = in.read();
            if (chunk == null) hasMore(in, end - System.nanoTime());
            else if (Content.Chunk.isFailure(chunk)) throw IO.rethrow(chunk.getFailure());
            else return chunk;
        }
        throw HttpFailure.timedOut();
    }

    private static MessageMemory.Share await(CompletableFuture<MessageMemory.Share> share) {
        try {
            return share.join();
        } catch (CompletionException e) {
            throw HttpFailure.busy("too many long requests are being read");
        }
    }

    /**
     * Discards the rest of a body, up to a maximum number of bytes and a maximum time. A client does not read the
     * response before it has sent its request, and closing the connection earlier would reset it.
     *
     * @return whether the end of the body was reached, so that the connection can be used again
     */
    static boolean discard(Content.Source body) {
        return discard(body, PATIENCE);
    }

    static boolean discard(Content.Source body, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        long left = MAX_DISCARDED;
        while (left > 0) {
            Content.Chunk chunk = body.read();
            if (chunk == null) {
                if (!hasMore(body, end - System.nanoTime())) return false;
                continue;
            }
            if (Content.Chunk.isFailure(chunk)) return false;
            left -= chunk.remaining();
            chunk.release();
            if (chunk.isLast()) return true;
        }
        return false;
    }

    private static boolean hasMore(Content.Source body, long nanos) {
        CountDownLatch more = new CountDownLatch(1);
        body.demand(Invocable.from(Invocable.InvocationType.NON_BLOCKING, more::countDown));
        try {
            return more.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private HttpFailure tooLong(String found) {
        return HttpFailure.refused(
                413, "request_too_large", "body: expected at most " + maxBytes + " bytes, found " + found);
    }
}
