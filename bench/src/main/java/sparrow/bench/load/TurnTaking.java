package sparrow.bench.load;

/** The side that detects the end of a question. */
public enum TurnTaking {
    /** The client, which commits its audio, requests a response, and cancels a response that it interrupts. */
    MANUAL,
    /** The server's voice activity detection. The microphone stays open, and speech interrupts a response. */
    SERVER_VAD
}
