package sparrow.server.vad;

/** The amount of speech that begins a turn. */
public enum Onset {
    /** A single frame. While no reply is heard, waiting would only cost time. */
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

    /** True if so many frames of speech among the last {@link #WINDOW} begin a turn. */
    boolean begins(int speechFrames) {
        return speechFrames >= frames;
    }
}
