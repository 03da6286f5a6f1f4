package sparrow.models.pool;

/** A reply that is being made. Safe for every thread. */
public interface ReplyHandle {
    /**
     * Withdraws it: nothing of it is decoded after the current pass, and its listener is notified by {@link ReplyListener#ended} of
     * what was decided. Nothing happens if it is over.
     */
    void cancel();

    /** True if its listener was notified of the end, or is being notified now. */
    boolean isOver();
}
