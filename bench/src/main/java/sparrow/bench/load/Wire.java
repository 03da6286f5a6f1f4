package sparrow.bench.load;

/** The receiver of a talker's events. */
interface Wire {
    /** Sends one JSON object. */
    void send(String event);
}
