package sparrow.server.chat;

import java.time.Duration;
import java.util.Optional;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyListener;
import sparrow.server.audio.Mailbox;

/**
 * What happens to a reply, on its way from the threads of the model, which never wait, to the one that writes to a client, which
 * may. Whoever takes too little of it gets nothing more made: that holds up this reply and no other.
 */
final class ReplyEvents implements ReplyListener {
    private final Mailbox<ReplyEvent> mailbox;
    private final int sampleRateHz;

    /** @param sampleRateHz of the sound */
    ReplyEvents(int sampleRateHz) {
        // The model's thread asks before every pass whether there is room.
        this.mailbox = new Mailbox<>(() -> {});
        this.sampleRateHz = sampleRateHz;
    }

    /** The next event; empty if none comes in time. */
    Optional<ReplyEvent> next(Duration patience) throws InterruptedException {
        return mailbox.poll(patience);
    }

    private void put(ReplyEvent event, long bytes, Duration audio) {
        if (mailbox.offer(event, bytes, audio)) return;
        throw new IllegalStateException("the client takes less than the reply makes; expected it to wait");
    }

    @Override
    public void text(String piece) {
        put(new ReplyEvent.Text(piece), 2L * piece.length(), Duration.ZERO);
    }

    @Override
    public void speech(float[] samples) {
        Duration audio = Duration.ofNanos(samples.length * 1_000_000_000L / sampleRateHz);
        put(new ReplyEvent.Speech(samples), (long) samples.length * Float.BYTES, audio);
    }

    @Override
    public void ended(PooledReply reply) {
        put(new ReplyEvent.Ended(reply), 0, Duration.ZERO);
    }

    @Override
    public void failed(RuntimeException failure) {
        put(new ReplyEvent.Failed(failure), 0, Duration.ZERO);
    }

    @Override
    public boolean isReady() {
        return !mailbox.isFull();
    }
}
