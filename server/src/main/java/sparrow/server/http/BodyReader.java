package sparrow.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;
import sparrow.server.message.MessageMemory;

/**
 * Reads bodies of requests, which are as long as their senders please: none beyond a limit, and long ones within the
 * {@link MessageMemory}. Safe for every thread.
 */
final class BodyReader {
    /** Ten minutes of 16-bit sound at 16 kHz in base64. */
    static final int MOST_BYTES = 25 << 20;

    /** More than {@link #MOST_BYTES}, so that a body just above that is read to its end. */
    private static final int MOST_DISCARDED = 2 * MOST_BYTES;

    private static final int PIECE = 64 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Bytes a second of a long body, on average since it took room: others wait for the room. */
    private static final int LEAST_RATE = 32 << 10;

    /** The same of a shorter one since it began, which holds no more than a connection; slow networks have twice as much. */
    private static final int LEAST_SHORT_RATE = 4 << 10;

    private final MessageMemory memory;
    private final Duration patience;

    BodyReader(MessageMemory memory) {
        this(memory, PATIENCE);
    }

    /** @param patience with those who wait for room, and with the rate of a body */
    BodyReader(MessageMemory memory, Duration patience) {
        this.memory = memory;
        this.patience = patience;
    }

    /**
     * Reads all bytes.
     *
     * @param announced length by the header; negative if unknown
     * @param parser makes values of the bytes, which takes its time
     * @param reader makes something shorter of them
     * @throws HttpFailure if there are more than {@link #MOST_BYTES}, if they come too slowly, or if too many long bodies are read
     */
    <P, T> T read(InputStream in, long announced, Function<byte[], P> parser, Function<P, T> reader)
            throws IOException {
        if (announced > MOST_BYTES) throw tooLong(announced + " bytes");
        MessageMemory.Share received = null;
        MessageMemory.Share understood = null;
        long since = System.nanoTime();
        int before = 0;
        try {
            byte[] body = {};
            int length = 0;
            byte[] piece = new byte[PIECE];
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                if (length + count > MOST_BYTES) throw tooLong("more");
                if (received == null && length + count > memory.shortBytes()) {
                    // A body that grows is copied.
                    received = await(memory.receive(announced < 0 ? 2L * MOST_BYTES : announced, patience));
                    since = System.nanoTime();
                    before = memory.shortBytes();
                    if (announced > 0) body = Arrays.copyOf(body, (int) announced);
                }
                requireRate(
                        length + count - before,
                        System.nanoTime() - since,
                        received == null ? LEAST_SHORT_RATE : LEAST_RATE);
                if (length + count > body.length) {
                    body = Arrays.copyOf(body, Math.max(length + count, Math.min(2 * body.length, MOST_BYTES)));
                }
                System.arraycopy(piece, 0, body, length, count);
                length += count;
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

    private static MessageMemory.Share await(CompletableFuture<MessageMemory.Share> share) {
        try {
            return share.join();
        } catch (CompletionException e) {
            throw HttpFailure.busy("too many long requests are being read");
        }
    }

    /**
     * Reads the rest of a body and forgets it, within bounds of bytes and time. A sender reads no answer before all is sent, and a
     * connection that the server closes meanwhile is reset.
     *
     * @return whether the body has ended, so that the connection can hold another request
     */
    static boolean discard(Content.Source body) {
        return discard(body, PATIENCE);
    }

    static boolean discard(Content.Source body, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        long left = MOST_DISCARDED;
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

    /** Other senders wait for one that takes its time. Jetty's handler has one rate for all of them. */
    private void requireRate(long bytes, long nanos, int leastRate) {
        if (nanos > patience.toNanos() && bytes * 1_000_000_000L < nanos * leastRate) throw HttpFailure.timedOut();
    }

    private static HttpFailure tooLong(String found) {
        return HttpFailure.refused(
                413, "request_too_large", "body: expected at most " + MOST_BYTES + " bytes, found " + found);
    }
}
