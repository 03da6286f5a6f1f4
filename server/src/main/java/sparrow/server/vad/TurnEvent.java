package sparrow.server.vad;

import sparrow.server.vad.TurnDetector.Turn;

/** An event of a {@link TurnDetector}. */
public sealed interface TurnEvent {
    /**
     * Speech began.
     *
     * @param startMs start of the turn, including padding, in the audio of the session
     */
    record SpeechStarted(long startMs) implements TurnEvent {}

    /** Speech ended. Each is preceded by one {@link SpeechStarted}. */
    record SpeechStopped(Turn turn) implements TurnEvent {}
}
