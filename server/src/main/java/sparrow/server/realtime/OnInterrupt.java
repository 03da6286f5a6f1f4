package sparrow.server.realtime;

/** The fate of a reply that the user interrupts, unless the client says how much of it was heard. */
public enum OnInterrupt {
    /** It stays in the context as far as it was made, until the client truncates it. */
    KEEP,
    /** It is cut to what was heard if the client played it as it came; the client is notified. */
    ESTIMATE
}
