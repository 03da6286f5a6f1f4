package sparrow.server.realtime.event;

/** The client of a session. */
public interface Client {
    void send(ServerEvent event);

    /** Discards sound of a response that has not been sent yet, because the user interrupted it. */
    void retract(String responseId);

    /** Returns true while the client is ready for more. Safe for every thread. */
    boolean isReady();

    void close(int code, String reason);
}
