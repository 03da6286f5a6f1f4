package sparrow.server.realtime;

/** Who sits at the other end of a session. */
interface Client {
    /** Sends an event, sometime. */
    void send(ServerEvent event);

    /** Forgets sound of a response that was not sent yet: nobody wants to hear it any more. */
    void retract(String responseId);

    /** Whether more is wanted now. Safe for every thread. */
    boolean isReady();

    /** Says goodbye. */
    void close(int code, String reason);
}
