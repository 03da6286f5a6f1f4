package sparrow.bench.load;

/** Where a talker's events go. */
interface Wire {
    /** Sends one JSON object. */
    void send(String event);
}
