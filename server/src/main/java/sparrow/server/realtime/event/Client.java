package sparrow.server.realtime.event;

/** The other end of a session. */
public interface Client {
    void send(ServerEvent event);

    /** Forgets sound of a response that was not sent yet: the user does not want to hear it any more. */
    void retract(String responseId);

    /** True while more is wanted. Safe for every thread. */
    boolean isReady();

    void close(int code, String reason);
}
