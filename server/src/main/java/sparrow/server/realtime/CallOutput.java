package sparrow.server.realtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import sparrow.server.audio.StrictBase64;
import sparrow.server.call.CallPort;
import sparrow.server.realtime.event.ServerEvent.Place;

/** The audio of a call's responses that waits to be sent. Responses are sent one after another. Thread-safe. */
public final class CallOutput {
    /** Duration of the waiting audio at which decoding pauses. */
    private static final Duration MAX = Duration.ofSeconds(60);

    private final Listener listener;

    /** Responses whose audio has not been sent completely, in the order of their first audio. */
    private final Map<String, Track> tracks = new LinkedHashMap<>();

    private long waiting;

    /**
     * Receives notifications about responses, on the thread that sends the audio. Methods must return without waiting.
     */
    public interface Listener {
        /** A listener that ignores the notifications. */
        Listener NONE = new Listener() {
            @Override
            public void started(String responseId) {}

            @Override
            public void stopped(String responseId) {}
        };

        /** Called before the first samples of a response are sent. */
        void started(String responseId);

        /** Called when all samples of a response have been sent. */
        void stopped(String responseId);
    }

    /** The audio of a response. */
    private static final class Track {
        private final String itemId;
        private final ArrayDeque<short[]> pieces = new ArrayDeque<>();

        /** Number of samples of the first piece that have been sent. */
        private int offset;

        private long sent;
        private boolean complete;

        Track(String itemId) {
            this.itemId = itemId;
        }

        /** Returns the number of samples that have not been sent. */
        long rest() {
            return pieces.stream().mapToLong(piece -> piece.length).sum() - offset;
        }
    }

    /**
     * A response whose remaining audio was discarded.
     *
     * @param sentMs milliseconds of the item's audio that were sent
     * @param unsentMs milliseconds that were discarded
     */
    public record Cut(String responseId, String itemId, long sentMs, long unsentMs) {}

    /** Creates an empty output. */
    public CallOutput(Listener listener) {
        this.listener = listener;
    }

    /** Adds audio of a response, as base64-encoded 16-bit little-endian samples. */
    public void add(Place place, String base64) {
        byte[] bytes = StrictBase64.decode(base64, base64.length());
        short[] samples = new short[bytes.length / 2];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        add(place, samples);
    }

    /** Adds audio of a response. */
    synchronized void add(Place place, short[] samples) {
        Track track = tracks.computeIfAbsent(place.responseId(), _ -> new Track(place.itemId()));
        track.pieces.add(samples);
        waiting += samples.length;
    }

    /** Marks a response whose audio has all been added. */
    synchronized void complete(String responseId) {
        if (tracks.get(responseId) instanceof Track track) track.complete = true;
    }

    /** Writes the next samples into a frame, as many as are available. */
    synchronized void fill(short[] frame) {
        int at = 0;
        while (at < frame.length && !tracks.isEmpty()) {
            Map.Entry<String, Track> first = tracks.entrySet().iterator().next();
            Track track = first.getValue();
            if (!track.pieces.isEmpty()) {
                if (track.sent == 0) listener.started(first.getKey());
                at += take(track, frame, at);
            } else if (track.complete) {
                tracks.remove(first.getKey());
                if (track.sent > 0) listener.stopped(first.getKey());
            } else {
                return;
            }
        }
    }

    private int take(Track track, short[] frame, int at) {
        short[] piece = track.pieces.peek();
        int count = Math.min(frame.length - at, piece.length - track.offset);
        System.arraycopy(piece, track.offset, frame, at, count);
        track.offset += count;
        if (track.offset == piece.length) {
            track.pieces.remove();
            track.offset = 0;
        }
        track.sent += count;
        waiting -= count;
        return count;
    }

    /** Discards the remaining audio of a response. Returns empty if no audio remains. */
    public synchronized Optional<Cut> drop(String responseId) {
        Track track = tracks.remove(responseId);
        if (track == null) return Optional.empty();
        long rest = track.rest();
        waiting -= rest;
        return Optional.of(new Cut(responseId, track.itemId, ms(track.sent), ms(rest)));
    }

    private static long ms(long samples) {
        return samples * 1000 / CallPort.RATE_HZ;
    }

    /** Returns the response that is being sent, or empty if no response is being sent. */
    synchronized Optional<String> current() {
        return tracks.keySet().stream().findFirst();
    }

    /** Returns whether no audio is waiting. */
    public synchronized boolean isEmpty() {
        return waiting == 0;
    }

    /** Returns whether decoding should pause. */
    synchronized boolean isFull() {
        return waiting >= MAX.toSeconds() * CallPort.RATE_HZ;
    }
}
