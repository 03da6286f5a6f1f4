package sparrow.server.realtime;

/** In which form a client gets a reply. */
enum OutputModality {
    /** Speech, and what it says. */
    AUDIO("audio"),
    /** The words alone. */
    TEXT("text");

    private final String wire;

    OutputModality(String wire) {
        this.wire = wire;
    }

    /** The protocol's name of it. */
    String wire() {
        return wire;
    }
}
