package sparrow.bench.load;

/** Sends recordings in real time, each piece at the time of its last sample. */
final class AudioSource {
    private static final long CLOSED = Long.MAX_VALUE;

    private final Wire wire;
    private final boolean staysOpen;

    /** Time at which the next piece ends. */
    private long due = CLOSED;

    /** The current recording, or null during silence. */
    private Recording saying;

    private int piece;
    private long spoken;

    /**
     * Creates a source that sends nothing until it is used.
     *
     * @param staysOpen whether silence is sent between recordings
     */
    AudioSource(Wire wire, boolean staysOpen) {
        this.wire = wire;
        this.staysOpen = staysOpen;
    }

    /** Starts sending silence if the microphone stays open. */
    void open(long now) {
        if (staysOpen) due = now + Recording.PIECE_NANOS;
    }

    /** Starts a recording. If the microphone stays open, the recording starts with the next piece. */
    void say(Recording recording, long now) {
        saying = recording;
        piece = 0;
        if (due == CLOSED) due = now + Recording.PIECE_NANOS;
        spoken = due - Recording.PIECE_NANOS + recording.speechNanos();
    }

    /** Sends all pieces that have ended by {@code now}. */
    void tick(long now) {
        while (due <= now) {
            if (saying == null) {
                wire.send(Recording.SILENCE);
            } else {
                wire.send(saying.appends().get(piece++));
                if (piece == saying.appends().size()) saying = null;
            }
            due = saying == null && !staysOpen ? CLOSED : due + Recording.PIECE_NANOS;
        }
    }

    /** Returns whether the recording has more pieces. */
    boolean isSpeaking() {
        return saying != null;
    }

    /** Returns the time at which the speech of the most recent recording ends. */
    long spoken() {
        return spoken;
    }

    /** Returns the time of the next {@link #tick}, or {@link Long#MAX_VALUE} if there is none. */
    long wakeAt() {
        return due;
    }
}
