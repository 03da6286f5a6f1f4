package sparrow.bench.load;

import java.util.OptionalLong;

/** A response that is being received, with the arrival times of its events. */
final class HeardReply {
    private static final long NEVER = Long.MIN_VALUE;

    private final String id;
    private final long questionEnd;
    private final long stopped;
    private final long created;
    private final Playback playback = new Playback();
    private String item = "";
    private long first = NEVER;
    private long last = NEVER;
    private long cut = NEVER;
    private boolean cutWhileRunning;
    private boolean done;
    private String ending = "";

    /**
     * Creates a response that has no audio yet.
     *
     * @param questionEnd time at which the question ended
     * @param stopped time at which the server reported the end of the question, or empty if the client ended it
     * @param created time at which the response was created
     */
    HeardReply(String id, long questionEnd, OptionalLong stopped, long created) {
        this.id = id;
        this.questionEnd = questionEnd;
        this.stopped = stopped.orElse(NEVER);
        this.created = created;
    }

    String id() {
        return id;
    }

    /** Returns the item that contains the audio, or an empty string before the first audio. */
    String item() {
        return item;
    }

    void audio(long now, String ofItem, long nanos) {
        item = ofItem;
        if (first == NEVER) first = now;
        last = now;
        playback.accept(now, nanos);
    }

    void audioDone(long now) {
        playback.complete(now);
    }

    /**
     * Handles the last event of the response.
     *
     * @param with status and reason, separated by a space
     */
    void done(long now, String with) {
        done = true;
        ending = with;
        playback.complete(now);
    }

    /** Stops playback because the listener interrupts. */
    void cut(long now) {
        playback.stop(now);
        cut = now;
        cutWhileRunning = !done;
    }

    boolean isCut() {
        return cut != NEVER;
    }

    /** Returns whether the server has sent the last event of the response. */
    boolean isDone() {
        return done;
    }

    boolean hasAudio() {
        return first != NEVER;
    }

    /**
     * Returns whether playback has ended or was interrupted, and the server has sent the last event of the response.
     */
    boolean isOver(long now) {
        return done && playback.isOver(now);
    }

    String ending() {
        return ending;
    }

    /** Returns the duration of the played audio, in milliseconds. */
    long playedMs(long now) {
        return playback.played(now) / 1_000_000;
    }

    /** Returns the time at which playback ends if no more audio arrives. */
    long dryAt() {
        return playback.dryAt();
    }

    ReplyMeasure measure() {
        boolean whole = hasAudio() && !isCut();
        return new ReplyMeasure(
                hasAudio() && first >= questionEnd ? ms(first - questionEnd) : null,
                hasAudio() && stopped != NEVER ? ms(first - stopped) : null,
                whole ? (double) (last - created) / playback.received() : null,
                playback.received() / 1e9,
                playback.underruns(),
                ms(playback.longestGap()),
                isCut(),
                cutWhileRunning ? ms(Math.max(0, last - cut)) : null);
    }

    private static double ms(long nanos) {
        return nanos / 1e6;
    }
}
