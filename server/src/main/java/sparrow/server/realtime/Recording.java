package sparrow.server.realtime;

/** Something that a user said, and what the model hears in it once it has listened. Belongs to one session. */
final class Recording {
    private Heard heard = new Heard.NotYet();

    /** What is known now. */
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
