package sparrow.bench.load;

/** Sends what is said in real time: each piece when its last sample was said. */
final class AudioSource {
    private static final long CLOSED = Long.MAX_VALUE;

    private final Wire wire;
    private final boolean staysOpen;

    /** When the next piece will have been said. */
    private long due = CLOSED;

    /** Null while nothing is said. */
    private Recording saying;

    private int piece;
    private long spoken;

    /** @param staysOpen whether silence is sent while nothing is said */
    AudioSource(Wire wire, boolean staysOpen) {
        this.wire = wire;
        this.staysOpen = staysOpen;
    }

    /** From now on silence is sent, if it stays open. */
    void open(long now) {
        if (staysOpen) due = now + Recording.PIECE_NANOS;
    }

    /** Begins to say something, where it stays open with its next piece. */
    void say(Recording recording, long now) {
        saying = recording;
        piece = 0;
        if (due == CLOSED) due = now + Recording.PIECE_NANOS;
        spoken = due - Recording.PIECE_NANOS + recording.speechNanos();
    }

    /** Sends what was said until now. */
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

    /** Tells if there is more to send. */
    boolean isSpeaking() {
        return saying != null;
    }

    /** When the speech of what was said last ended, or will end. */
    long spoken() {
        return spoken;
    }

    /** When it wants to be told the time; {@link Long#MAX_VALUE} for never. */
    long wakeAt() {
        return due;
    }
}
