package sparrow.server.realtime;

/** Something that a user said, and what the model hears in it once it has listened. Belongs to one session. */
final class Recording {
    private final double seconds;
    private Heard heard = new Heard.NotYet();
    private String transcript;

    /** @param seconds how long it is */
    Recording(double seconds) {
        this.seconds = seconds;
    }

    double seconds() {
        return seconds;
    }

    /** The time that the model took to listen to it; 0 if it has not, or heard nothing. */
    long listeningNanos() {
        return heard instanceof Heard.Something something ? something.nanos() : 0;
    }

    /** The text of it; null until it is written down. */
    String transcript() {
        return transcript;
    }

    void transcribed(String text) {
        transcript = text;
    }

    /** The present knowledge. */
    Heard heard() {
        return heard;
    }

    boolean isPending() {
        return heard instanceof Heard.NotYet;
    }

    void heard(Heard what) {
        heard = what;
    }
}
