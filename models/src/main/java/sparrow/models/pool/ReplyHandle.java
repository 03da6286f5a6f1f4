package sparrow.models.pool;

/** A reply that is being generated. Thread-safe. */
public interface ReplyHandle {
    /**
     * Cancels the reply. Nothing is decoded after the current pass, and {@link ReplyListener#ended} is called with the
     * tokens selected so far. Does nothing if the reply is over.
     */
    void cancel();

    /** Returns whether the listener has been or is being notified of the end. */
    boolean isOver();
}
