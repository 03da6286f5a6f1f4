package sparrow.bench.load;

/** The side that ends a question. */
public enum TurnTaking {
    /** The client: it commits what it sent and asks for a response, and cancels one that it interrupts. */
    MANUAL,
    /** The server's voice activity detection: the microphone stays open, and speaking interrupts. */
    SERVER_VAD
}
