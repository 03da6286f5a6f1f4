package sparrow.server.metrics;

/**
 * Receives every finished reply. The method must return quickly, because it is called on threads that must not be
 * blocked.
 */
@FunctionalInterface
public interface ReplyLog {
    /** A log that discards all replies. */
    ReplyLog NONE = _ -> {};

    /** Records a finished reply. */
    void finished(FinishedReply reply);
}
