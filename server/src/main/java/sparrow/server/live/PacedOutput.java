package sparrow.server.live;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import sparrow.server.audio.PlaybackClock;
import sparrow.server.audio.RealtimeFormat;

/**
 * Speech of the model that waits to be sent about as fast as it is heard. A client of GPT-Live plays everything that it
 * gets, so only unsent sound can be taken back. Texts keep their places between the pieces of sound. Not thread-safe,
 * except for {@link #isFull}.
 */
final class PacedOutput {
    /** The sound for which a reply's decoding pauses. */
    private static final Duration MAX = Duration.ofSeconds(60);

    private final RealtimeFormat format;
    private final long leadNanos;
    private final PlaybackClock playback;
    private final Deque<Entry> waiting = new ArrayDeque<>();

    /** Items with unsent sound or sound still to come. */
    private final Map<String, Spoken> open = new LinkedHashMap<>();

    private volatile long waitingSamples;

    /** The sound of one item. */
    private static final class Spoken {
        private long sent;
        private int waiting;
        private boolean complete;
    }

    /**
     * A piece of speech.
     *
     * @param delta base64 of sound, or a text if it has no samples
     */
    private record Entry(String itemId, String responseId, String delta, long samples) {}

    /**
     * A piece that is to be sent now.
     *
     * @param atNanos the time at which it is played
     */
    record Due(String delta, boolean isText, long atNanos) {}

    /**
     * An item that was interrupted.
     *
     * @param sentMs the sound that was sent of it
     */
    record Cut(String itemId, long sentMs) {}

    /** @param lead the maximum sound that is sent before it is due, except for the first piece */
    PacedOutput(RealtimeFormat format, Duration lead) {
        this.format = format;
        this.leadNanos = lead.toNanos();
        this.playback = new PlaybackClock(format.rateHz());
    }

    /** Begins an item. */
    void begin(String itemId) {
        open.put(itemId, new Spoken());
    }

    void text(String itemId, String responseId, String text) {
        add(new Entry(itemId, responseId, text, 0));
    }

    void sound(String itemId, String responseId, String base64, long samples) {
        add(new Entry(itemId, responseId, base64, samples));
    }

    private void add(Entry entry) {
        waiting.add(entry);
        waitingSamples += entry.samples();
        if (open.get(entry.itemId()) instanceof Spoken spoken) spoken.waiting++;
    }

    /** Marks an item whose sound has all been added. */
    void complete(String itemId) {
        if (open.get(itemId) instanceof Spoken spoken) spoken.complete = true;
        removeSent(itemId);
    }

    private void removeSent(String itemId) {
        if (open.get(itemId) instanceof Spoken spoken && spoken.complete && spoken.waiting == 0) open.remove(itemId);
    }

    /** Removes and returns the pieces that may be sent now, in their order. */
    List<Due> take(long now) {
        List<Due> due = new ArrayList<>();
        while (!waiting.isEmpty() && waitNanos(waiting.peek(), now) == 0) due.add(send(waiting.remove(), now));
        return due;
    }

    /** Removes and returns all pieces. */
    List<Due> takeAll(long now) {
        List<Due> due = new ArrayList<>();
        while (!waiting.isEmpty()) due.add(send(waiting.remove(), now));
        return due;
    }

    private Due send(Entry entry, long now) {
        long at = now + unplayedNanos(now);
        playback.sent(now, entry.samples());
        waitingSamples -= entry.samples();
        if (open.get(entry.itemId()) instanceof Spoken spoken) {
            spoken.sent += entry.samples();
            spoken.waiting--;
            removeSent(entry.itemId());
        }
        return new Due(entry.delta(), entry.samples() == 0, at);
    }

    /** Returns the time until the next piece may be sent; empty if none waits. */
    OptionalLong waitNanos(long now) {
        return waiting.isEmpty() ? OptionalLong.empty() : OptionalLong.of(waitNanos(waiting.peek(), now));
    }

    private long waitNanos(Entry next, long now) {
        long unplayed = unplayedNanos(now);
        if (next.samples() == 0 || unplayed == 0) return 0;
        long length = next.samples() * 1_000_000_000 / format.rateHz();
        return Math.max(0, Math.min(unplayed, unplayed + length - leadNanos));
    }

    private long unplayedNanos(long now) {
        return Math.round(playback.unplayedSeconds(now) * 1e9);
    }

    /** Drops what was not sent of a response. */
    void drop(String responseId) {
        waiting.removeIf(entry -> {
            boolean gone = entry.responseId().equals(responseId);
            if (gone) {
                waitingSamples -= entry.samples();
                if (open.get(entry.itemId()) instanceof Spoken spoken) spoken.waiting--;
            }
            return gone;
        });
    }

    /** Drops everything that was not sent, and returns the items of which something is missing. */
    List<Cut> interrupt() {
        List<Cut> cuts = new ArrayList<>();
        open.forEach((itemId, spoken) -> cuts.add(new Cut(itemId, spoken.sent * 1000 / format.rateHz())));
        open.clear();
        waiting.clear();
        waitingSamples = 0;
        return cuts;
    }

    /** True while decoding should pause. Safe for every thread. */
    boolean isFull() {
        return waitingSamples >= MAX.toSeconds() * format.rateHz();
    }
}
