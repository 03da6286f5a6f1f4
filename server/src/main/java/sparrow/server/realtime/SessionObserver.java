package sparrow.server.realtime;

import sparrow.models.pool.PooledReply;

/** Is told what becomes of a session's responses, for metrics and logs. */
interface SessionObserver {
    /** Ignores everything. */
    SessionObserver NONE = new SessionObserver() {};

    /** A response is over; its client may be gone. */
    default void finished(RunningResponse response, PooledReply reply) {}

    /**
     * A recording was written down; its client may be gone.
     *
     * @param seconds of the recording
     */
    default void transcribed(String itemId, double seconds, PooledReply reply) {}

    /** There was no room for a response. */
    default void rejected() {}

    /** A client was told that something cannot be. */
    default void refused(Problem problem) {}

    /** A response broke off, which is a defect. */
    default void failed(String responseId, RuntimeException failure) {}

    /** An item was cut to what was heard of it. */
    default void truncated() {}

    /** The user began to speak, and the response that this ended was over so long after. */
    default void bargedIn(long nanos) {}
}
