package sparrow.server.vad;

import sparrow.server.vad.TurnDetector.Turn;

/** An event of a {@link TurnDetector}. */
public sealed interface TurnEvent {
    /**
     * Speech began.
     *
     * @param startMs where the turn begins, its padding included, in all audio of the session
     */
    record SpeechStarted(long startMs) implements TurnEvent {}

    /** Speech ended; each comes after a {@link SpeechStarted} of its own. */
    record SpeechStopped(Turn turn) implements TurnEvent {}
}
