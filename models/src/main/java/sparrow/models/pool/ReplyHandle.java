package sparrow.models.pool;

/** A reply on its way. Safe for every thread. */
public interface ReplyHandle {
    /**
     * Withdraws it: nothing of it is decoded after the pass under way, and its listener hears {@link ReplyListener#ended} with
     * what was decided. Nothing happens if it is over.
     */
    void cancel();

    /** True if its listener has heard the last of it, or is hearing it now. */
    boolean isOver();
}
