package sparrow.bench.load;

import java.util.OptionalLong;

/** A response while it comes in, and when what of it came. All moments are those of arrival. */
final class HeardReply {
    private static final long NEVER = Long.MIN_VALUE;

    private final String id;
    private final long asked;
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
     * @param asked when the question ended
     * @param stopped when the server said so; empty if it was not asked
     * @param created when the server began
     */
    HeardReply(String id, long asked, OptionalLong stopped, long created) {
        this.id = id;
        this.asked = asked;
        this.stopped = stopped.orElse(NEVER);
        this.created = created;
    }

    String id() {
        return id;
    }

    /** The item that holds its sound; empty before there is any. */
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

    /** @param with its status, and why */
    void done(long now, String with) {
        done = true;
        ending = with;
        playback.complete(now);
    }

    /** The listener interrupts: playback falls silent. */
    void cut(long now) {
        playback.stop(now);
        cut = now;
        cutWhileRunning = !done;
    }

    boolean isCut() {
        return cut != NEVER;
    }

    /** Tells if the server has sent its last event of it. */
    boolean isDone() {
        return done;
    }

    boolean hasAudio() {
        return first != NEVER;
    }

    /** Tells if it was heard to its end or interrupted, and the server has sent its last event of it. */
    boolean isOver(long now) {
        return done && playback.isOver(now);
    }

    /** The status that it ended with, and why. */
    String ending() {
        return ending;
    }

    /** Milliseconds of it that were heard. */
    long playedMs(long now) {
        return playback.played(now) / 1_000_000;
    }

    /** When its playback ends if nothing more comes. */
    long dryAt() {
        return playback.dryAt();
    }

    /** Its figures. */
    ReplyMeasure measure() {
        boolean whole = hasAudio() && !isCut();
        return new ReplyMeasure(
                hasAudio() && first >= asked ? ms(first - asked) : null,
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
