package sparrow.server.chat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyListener;

/**
 * Between the threads of the model, which never wait, and the one that writes to a client, which may. Whoever takes too little
 * out of it gets nothing more made: a full mailbox holds up its reply and no other.
 */
final class Mailbox implements ReplyListener {
    private static final long MOST_BYTES = 8 << 20;
    private static final int MOST_SECONDS = 60;

    private final BlockingQueue<ReplyEvent> events = new LinkedBlockingQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final long most;

    /** @param sampleRateHz of the sound */
    Mailbox(int sampleRateHz) {
        this.most = Math.min(MOST_BYTES, (long) MOST_SECONDS * sampleRateHz * Float.BYTES);
    }

    /** The next event; empty if none comes in time. */
    Optional<ReplyEvent> next(Duration patience) throws InterruptedException {
        ReplyEvent event = events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (event == null) return Optional.empty();
        bytes.addAndGet(-size(event));
        return Optional.of(event);
    }

    private void put(ReplyEvent event) {
        bytes.addAndGet(size(event));
        events.add(event);
    }

    private static long size(ReplyEvent event) {
        return switch (event) {
            case ReplyEvent.Text(String piece) -> 2L * piece.length();
            case ReplyEvent.Speech(float[] samples) -> (long) samples.length * Float.BYTES;
            case ReplyEvent.Ended _, ReplyEvent.Failed _ -> 0;
        };
    }

    @Override
    public void text(String piece) {
        put(new ReplyEvent.Text(piece));
    }

    @Override
    public void speech(float[] samples) {
        put(new ReplyEvent.Speech(samples));
    }

    @Override
    public void ended(PooledReply reply) {
        put(new ReplyEvent.Ended(reply));
    }

    @Override
    public void failed(RuntimeException failure) {
        put(new ReplyEvent.Failed(failure));
    }

    @Override
    public boolean isReady() {
        return bytes.get() < most;
    }
}
