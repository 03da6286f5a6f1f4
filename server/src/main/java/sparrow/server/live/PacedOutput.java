package sparrow.server.live;

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
    /** Estimated duration of a transcript character while more audio may follow. */
    private static final double MS_PER_CHARACTER = 55;

    /** Interval at which it is checked whether a track has sent its last audio. */
    private static final long TRACK_CHECK_NANOS = 20_000_000;

    private final RealtimeFormat format;
    private final long leadNanos;
    private final LongSupplier clock;
    private final Track track;
    private final long start;
    private final PlaybackClock playback;
    private final Deque<Piece> waiting = new ArrayDeque<>();

    /** Text that is sent with the audio in which it is spoken, and the number of its characters. */
    private final Deque<Words> words = new ArrayDeque<>();

    private int waitingCharacters;
    private volatile long waitingSamples;

    /** The reply's item, or null before the first reply and after an interruption. */
    private String itemId;

    private long sentSamples;
    private boolean complete;

    /** Estimated end of the reply's last transcript event, in milliseconds of the reply's audio. */
    private double wordsEndMs;

    /** The audio track of a call. Without a call, events transport the audio. */
    interface Track {
        /** Adds base64-encoded audio, which is sent in real time. */
        void play(String audio);

        /** Returns whether all audio was sent. */
        boolean isEmpty();

        /** Discards the audio that was not sent. Returns the duration of the audio that cannot have been heard, in ms. */
        long drop();
    }

    /** A piece of base64-encoded audio. */
    private record Piece(String delta, long samples) {}

    /**
     * A piece of the transcript.
     *
     * @param afterMs the duration of the reply's audio that was generated before the text
     */
    private record Words(String text, long afterMs) {}

    /**
     * An interrupted item.
     *
     * @param heardMs the duration of the item's audio that was sent and can have been heard
     */
    record Cut(String itemId, long heardMs) {}

    /**
     * Creates the output of a session that starts now.
     *
     * @param lead the maximum duration of audio, after the first piece, that is sent before its playback
     * @param clock a source of nanoseconds since an arbitrary origin
     * @param track the track for the audio, or null if events transport it
     */
    PacedOutput(RealtimeFormat format, Duration lead, LongSupplier clock, Track track) {
        this.format = format;
        this.leadNanos = lead.toNanos();
        this.clock = clock;
        this.track = track;
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
        if (text.isEmpty()) return;
        words.add(new Words(text, milliseconds(sentSamples + waitingSamples)));
        waitingCharacters += text.length();
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
        return waiting.isEmpty() && !isLastText() && (track == null || track.isEmpty());
    }

    /** Returns whether text is waiting that no audio follows. */
    private boolean isLastText() {
        return complete && waiting.isEmpty() && !words.isEmpty();
    }

    /** Removes and returns the events that are due. */
    List<Frame> take() {
        List<Frame> due = new ArrayList<>();
        while (waitNanos().orElse(1) == 0) send(due);
        return due;
    }

    /** Removes and returns all events. */
    List<Frame> takeAll() {
        complete = true;
        List<Frame> all = new ArrayList<>();
        while (!waiting.isEmpty() || !words.isEmpty()) send(all);
        return all;
    }

    /** Sends the next audio, or adds it to the track, after the text that is spoken in it. */
    private void send(List<Frame> sent) {
        long now = clock.getAsLong();
        long atMs = (now + unplayedNanos(now) - start) / 1_000_000;
        long fromMs = milliseconds(sentSamples);
        Piece piece = waiting.poll();
        if (piece != null) {
            playback.sent(now, piece.samples());
            waitingSamples -= piece.samples();
            sentSamples += piece.samples();
        }
        sendWords(sent, atMs - fromMs, fromMs, milliseconds(sentSamples));
        if (piece == null) return;
        if (track != null) track.play(piece.delta());
        else {
            sent.add(LiveServerEvent.frame(
                    LiveServerEvent.object("session.output_audio.delta").put("delta", piece.delta())));
        }
    }

    private long milliseconds(long samples) {
        return samples * 1000 / format.rateHz();
    }

    /**
     * Sends the text that begins in a piece of audio, which is all text if no audio follows.
     *
     * @param shiftMs the time since the session's start at which the reply's audio began
     * @param fromMs the start of the piece in the reply's audio
     * @param toMs the end of the piece in the reply's audio, before which the text ends
     */
    private void sendWords(List<Frame> sent, long shiftMs, long fromMs, long toMs) {
        boolean last = complete && waiting.isEmpty();
        while (!words.isEmpty()) {
            double from = Math.max(Math.max(wordsEndMs, fromMs), words.peek().afterMs());
            if (from >= toMs && !last) return;
            double perCharacter = complete
                    ? Math.max(0, milliseconds(sentSamples + waitingSamples) - from) / waitingCharacters
                    : MS_PER_CHARACTER;
            String text = words.remove().text();
            waitingCharacters -= text.length();
            wordsEndMs = from + text.length() * perCharacter;
            sent.add(LiveServerEvent.frame(LiveServerEvent.transcript(
                    "session.output_transcript.delta",
                    text,
                    shiftMs + (long) Math.min(from, toMs),
                    shiftMs + (long) Math.min(wordsEndMs, toMs))));
        }
    }

    /** Returns the time in nanoseconds until the next piece is due or the track may be empty, or empty if all was sent. */
    OptionalLong waitNanos() {
        if (isLastText()) return OptionalLong.of(0);
        if (waiting.isEmpty()) return isEmpty() ? OptionalLong.empty() : OptionalLong.of(TRACK_CHECK_NANOS);
        long unplayed = unplayedNanos(clock.getAsLong());
        long samples = waiting.peek().samples();
        if (unplayed == 0) return OptionalLong.of(0);
        long length = samples * 1_000_000_000 / format.rateHz();
        return OptionalLong.of(Math.max(0, Math.min(unplayed, unplayed + length - leadNanos)));
    }

    private long unplayedNanos(long now) {
        return Math.round(playback.unplayedSeconds(now) * 1e9);
    }

    /** Drops the pieces that have not been sent. */
    void drop() {
        waiting.clear();
        words.clear();
        waitingCharacters = 0;
        waitingSamples = 0;
    }

    /** Drops the speech that has not been sent. Returns the item if it was not sent completely. */
    Optional<Cut> interrupt() {
        long unheardMs = track == null ? 0 : track.drop();
        Optional<Cut> cut = Optional.ofNullable(itemId)
                .filter(_ -> !complete || !waiting.isEmpty() || unheardMs > 0)
                .map(id -> new Cut(id, Math.max(0, sentSamples * 1000 / format.rateHz() - unheardMs)));
        itemId = null;
        drop();
        return cut;
    }

    /** Returns whether decoding should pause. Thread-safe. */
    boolean isFull() {
        return waitingSamples >= SendQueue.MAX_AUDIO.toSeconds() * format.rateHz();
    }
}
