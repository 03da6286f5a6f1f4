package sparrow.server.realtime;

/** In which form a client gets a reply. */
enum OutputModality {
    /** Speech, and what it says. */
    AUDIO("audio"),
    /** What would be said. */
    TEXT("text");

    private final String wire;

    OutputModality(String wire) {
        this.wire = wire;
    }

    /** What the protocol calls it. */
    String wire() {
        return wire;
    }
}
