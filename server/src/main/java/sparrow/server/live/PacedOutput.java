package sparrow.server.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import sparrow.server.audio.PlaybackClock;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.audio.SendQueue;
import sparrow.server.realtime.Protocol.Frame;
import sparrow.server.realtime.event.ClientEvent;

/**
 * The unsent speech of one reply, which is sent about as fast as it is played. A GPT-Live client plays all audio that
 * it receives, so only unsent speech can be withdrawn. Text keeps its position between pieces of audio. Not
 * thread-safe, except for {@link #isFull}.
 */
final class PacedOutput {
    /** Estimated duration of a transcript character. English speech has about 15 characters per second. */
    private static final int MS_PER_CHARACTER = 65;

    private final RealtimeFormat format;
    private final long leadNanos;
    private final LongSupplier clock;
    private final long start;
    private final PlaybackClock playback;
    private final Deque<Piece> waiting = new ArrayDeque<>();
    private volatile long waitingSamples;

    /** The reply's item, or null before the first reply and after an interruption. */
    private String itemId;

    private long sentSamples;
    private boolean complete;

    /** Estimated end of the reply's last transcript event, in milliseconds since the session's start. */
    private long wordsEndMs;

    /** A piece of base64-encoded audio, or of text, which has no samples. */
    private record Piece(String delta, long samples) {}

    /**
     * An interrupted item.
     *
     * @param sentMs the duration of the item's audio that was sent
     */
    record Cut(String itemId, long sentMs) {}

    /**
     * Creates the output of a session that starts now.
     *
     * @param lead the maximum duration of audio, after the first piece, that is sent before its playback
     * @param clock a source of nanoseconds since an arbitrary origin
     */
    PacedOutput(RealtimeFormat format, Duration lead, LongSupplier clock) {
        this.format = format;
        this.leadNanos = lead.toNanos();
        this.clock = clock;
        this.start = clock.getAsLong();
        this.playback = new PlaybackClock(format.rateHz());
    }

    /** Begins an item. All speech of earlier items must have been sent or dropped. */
    void begin(String newItemId) {
        itemId = newItemId;
        sentSamples = 0;
        complete = false;
        wordsEndMs = 0;
    }

    void addText(String text) {
        if (!text.isEmpty()) waiting.add(new Piece(text, 0));
    }

    /** Adds base64-encoded audio. */
    void addAudio(String base64) {
        long samples = format.samples(ClientEvent.sound(base64, "delta").length);
        waiting.add(new Piece(base64, samples));
        waitingSamples += samples;
    }

    /** Records that all speech of the item has been added. */
    void complete() {
        complete = true;
    }

    /** Returns whether no speech is waiting. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Removes and returns the events that are due. */
    List<Frame> take() {
        List<Frame> due = new ArrayList<>();
        while (waitNanos().orElse(1) == 0) due.add(send());
        return due;
    }

    /** Removes and returns all events. */
    List<Frame> takeAll() {
        List<Frame> all = new ArrayList<>();
        while (!waiting.isEmpty()) all.add(send());
        return all;
    }

    private Frame send() {
        Piece piece = waiting.remove();
        long now = clock.getAsLong();
        if (piece.samples() == 0) return LiveServerEvent.frame(transcript(piece.delta(), now + unplayedNanos(now)));
        playback.sent(now, piece.samples());
        waitingSamples -= piece.samples();
        sentSamples += piece.samples();
        return LiveServerEvent.frame(
                LiveServerEvent.object("session.output_audio.delta").put("delta", piece.delta()));
    }

    /**
     * Returns a transcript event.
     *
     * @param atNanos the time at which the audio that follows the text is played
     */
    private ObjectNode transcript(String delta, long atNanos) {
        long startMs = Math.max(wordsEndMs, (atNanos - start) / 1_000_000);
        wordsEndMs = startMs + (long) delta.length() * MS_PER_CHARACTER;
        return LiveServerEvent.transcript("session.output_transcript.delta", delta, startMs, wordsEndMs);
    }

    /** Returns the time in nanoseconds until the next piece is due, or empty if no piece is waiting. */
    OptionalLong waitNanos() {
        if (waiting.isEmpty()) return OptionalLong.empty();
        long unplayed = unplayedNanos(clock.getAsLong());
        long samples = waiting.peek().samples();
        if (samples == 0 || unplayed == 0) return OptionalLong.of(0);
        long length = samples * 1_000_000_000 / format.rateHz();
        return OptionalLong.of(Math.max(0, Math.min(unplayed, unplayed + length - leadNanos)));
    }

    private long unplayedNanos(long now) {
        return Math.round(playback.unplayedSeconds(now) * 1e9);
    }

    /** Drops the pieces that have not been sent. */
    void drop() {
        waiting.clear();
        waitingSamples = 0;
    }

    /** Drops the pieces that have not been sent. Returns the item if it was not sent completely. */
    Optional<Cut> interrupt() {
        Optional<Cut> cut = Optional.ofNullable(itemId)
                .filter(_ -> !complete || !waiting.isEmpty())
                .map(id -> new Cut(id, sentSamples * 1000 / format.rateHz()));
        itemId = null;
        drop();
        return cut;
    }

    /** Returns whether decoding should pause. Thread-safe. */
    boolean isFull() {
        return waitingSamples >= SendQueue.MAX_AUDIO.toSeconds() * format.rateHz();
    }
}
