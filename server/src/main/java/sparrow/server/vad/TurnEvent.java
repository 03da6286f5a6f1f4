package sparrow.server.vad;

/** An event of a {@link TurnDetector}. */
public sealed interface TurnEvent {
    /** Speech began. The start of the turn, including padding, is a position in the session's audio. */
    record SpeechStarted(long startMs) implements TurnEvent {}

    /** Speech ended. The event follows exactly one {@link SpeechStarted}. */
    record SpeechStopped(Turn turn) implements TurnEvent {}
}
