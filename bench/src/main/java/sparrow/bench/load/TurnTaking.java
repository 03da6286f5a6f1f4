package sparrow.bench.load;

/** Who says that a question is over. */
public enum TurnTaking {
    /** The client: it commits what it sent and asks for a response, and cancels one that it interrupts. */
    MANUAL,
    /** The server's voice activity detection: the microphone stays open, and speaking interrupts. */
    SERVER_VAD
}
