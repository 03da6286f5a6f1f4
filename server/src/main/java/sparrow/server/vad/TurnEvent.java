package sparrow.server.vad;

/** What a {@link TurnDetector} notices. */
public sealed interface TurnEvent {
    /**
     * Somebody began to speak.
     *
     * @param startMs where the turn begins, its padding included, in all audio of the session
     */
    record SpeechStarted(long startMs) implements TurnEvent {}

    /** Somebody has stopped; each comes after a {@link SpeechStarted} of its own. */
    record SpeechStopped(Turn turn) implements TurnEvent {}
}
