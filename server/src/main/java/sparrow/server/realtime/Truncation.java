package sparrow.server.realtime;

/** What happens when a conversation no longer fits the context. */
sealed interface Truncation {
    /** Half of the context stays: room for many turns until it happens again. */
    double USUAL = 0.5;

    /** The oldest turns are dropped. */
    record Auto() implements Truncation {}

    /** The response is refused. */
    record Disabled() implements Truncation {}

    /**
     * The oldest turns are dropped until no more than a part of the context is taken.
     *
     * @param ratio that part, 0 to 1
     */
    record Retention(double ratio) implements Truncation {}
}
