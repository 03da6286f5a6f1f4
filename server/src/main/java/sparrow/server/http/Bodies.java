package sparrow.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Reads bodies of requests, which are as long as their senders please: none beyond a limit, and few long ones at a time. Safe for
 * every thread.
 */
final class Bodies {
    /** Ten minutes of 16-bit sound at 16 kHz in base64. */
    static final int MOST_BYTES = 25 << 20;

    /** More than {@link #MOST_BYTES}, so that a body just above that is read to its end. */
    private static final int MOST_DISCARDED = 2 * MOST_BYTES;

    /** Longer ones take turns. */
    private static final int LONG = 1 << 20;

    private static final int PIECE = 64 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Bytes a second of a long body, on average since its turn began: others wait for the turn. */
    private static final int LEAST_RATE = 32 << 10;

    /** The same of a shorter one since it began, which holds no more than a connection; slow networks have twice as much. */
    private static final int LEAST_SHORT_RATE = 4 << 10;

    private final Semaphore turns;
    private final Duration patience;

    /** @param mostLong bodies of more than a mebibyte at a time */
    Bodies(int mostLong) {
        this(mostLong, PATIENCE);
    }

    /** @param patience with those who wait for their turn, and with the rate of a body */
    Bodies(int mostLong, Duration patience) {
        this.turns = new Semaphore(mostLong, true);
        this.patience = patience;
    }

    /**
     * Reads all bytes.
     *
     * @param announced length by the header; negative if unknown
     * @throws HttpFailure if there are more than {@link #MOST_BYTES}, if they come too slowly, or if too many long bodies are read
     */
    <T> T read(InputStream in, long announced, Function<byte[], T> reader) throws IOException {
        if (announced > MOST_BYTES) throw tooLong(announced + " bytes");
        boolean turn = false;
        long since = System.nanoTime();
        int before = 0;
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(PIECE);
            byte[] piece = new byte[PIECE];
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                if (bytes.size() + count > MOST_BYTES) throw tooLong("more");
                if (!turn && bytes.size() + count > LONG) {
                    turn = takeTurn();
                    since = System.nanoTime();
                    before = LONG;
                }
                requireRate(
                        bytes.size() + count - before, System.nanoTime() - since, turn ? LEAST_RATE : LEAST_SHORT_RATE);
                bytes.write(piece, 0, count);
            }
            return reader.apply(bytes.toByteArray());
        } finally {
            if (turn) turns.release();
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

    private boolean takeTurn() {
        try {
            if (turns.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw HttpFailure.busy("too many long requests are being read");
    }

    private static HttpFailure tooLong(String found) {
        return HttpFailure.refused(
                413, "request_too_large", "body: expected at most " + MOST_BYTES + " bytes, found " + found);
    }
}
