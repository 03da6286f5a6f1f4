package sparrow.server.realtime.event;

/** The client of a session. */
public interface Client {
    void send(ServerEvent event);

    /** Discards unsent audio of a response that the user interrupted. */
    void retract(String responseId);

    /** Returns whether the client is ready for more events. Thread-safe. */
    boolean isReady();

    void close(int code, String reason);
}
