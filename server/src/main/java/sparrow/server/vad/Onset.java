package sparrow.server.vad;

/** How much speech begins a turn. */
public enum Onset {
    /** A single frame. While nobody else speaks, waiting would only cost time. */
    FIRST_FRAME(1),

    /**
     * Four of six frames. While an answer is being played, a short echo of it in the microphone must not interrupt it.
     */
    SUSTAINED(4);

    /** Frames that are looked at. */
    static final int WINDOW = 6;

    private final int frames;

    Onset(int frames) {
        this.frames = frames;
    }

    /** Whether so many of the last {@link #WINDOW} frames being speech begin a turn. */
    boolean begins(int speechFrames) {
        return speechFrames >= frames;
    }
}
