package sparrow.bench.load;

/** A connection that sends a talker's events. */
interface Wire {
    /** Sends a JSON object. */
    void send(String event);
}
