package sparrow.server.metrics;

/** Receives every reply that is over. Called on threads that others wait for; must return soon. */
@FunctionalInterface
public interface ReplyLog {
    /** Keeps none. */
    ReplyLog NONE = _ -> {};

    /** A reply is over. */
    void finished(FinishedReply reply);
}
