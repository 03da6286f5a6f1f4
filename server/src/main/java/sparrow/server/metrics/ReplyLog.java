package sparrow.server.metrics;

/** Receives every finished reply. Its method is called on threads that others wait for, and must return soon. */
@FunctionalInterface
public interface ReplyLog {
    /** Discards all replies. */
    ReplyLog NONE = _ -> {};

    /** Called for each finished reply. */
    void finished(FinishedReply reply);
}
