package sparrow.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Reads bodies of requests, which are as long as their senders please: none beyond a limit, and few long ones at a time. Safe for
 * every thread.
 */
final class Bodies {
    /** Ten minutes of 16-bit sound at 16 kHz in base64. */
    static final int MOST_BYTES = 25 << 20;

    /** Longer ones take turns. */
    private static final int LONG = 1 << 20;

    private static final int PIECE = 64 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Semaphore turns;

    /** @param mostLong bodies of more than a mebibyte at a time */
    Bodies(int mostLong) {
        this.turns = new Semaphore(mostLong, true);
    }

    /**
     * What is made of all bytes.
     *
     * @param announced length by the header; negative if unknown
     * @throws HttpFailure if there are more than {@link #MOST_BYTES}, or too many long bodies are being read
     */
    <T> T read(InputStream in, long announced, Function<byte[], T> reader) throws IOException {
        if (announced > MOST_BYTES) {
            drain(in);
            throw tooLong(announced + " bytes");
        }
        boolean turn = false;
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(PIECE);
            byte[] piece = new byte[PIECE];
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                if (bytes.size() + count > MOST_BYTES) {
                    drain(in);
                    throw tooLong("more");
                }
                if (!turn && bytes.size() + count > LONG) turn = takeTurn();
                bytes.write(piece, 0, count);
            }
            return reader.apply(bytes.toByteArray());
        } finally {
            if (turn) turns.release();
        }
    }

    /**
     * Reads on and forgets, within bounds: who is sending still reads no answer, and a connection that is closed on him may be
     * reset before he does.
     */
    private static void drain(InputStream in) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        byte[] piece = new byte[PIECE];
        int count = 0;
        for (int read = 0; count >= 0 && read < MOST_BYTES && System.nanoTime() < end; read += count)
            count = in.read(piece);
    }

    private boolean takeTurn() {
        try {
            if (turns.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw HttpFailure.busy("busy: too many long requests are being read; try again later", Duration.ofSeconds(1));
    }

    private static HttpFailure tooLong(String found) {
        return HttpFailure.refused(
                413, "request_too_large", "body: expected at most " + MOST_BYTES + " bytes, found " + found);
    }
}
