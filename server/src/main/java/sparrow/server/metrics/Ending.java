package sparrow.server.metrics;

import java.util.Locale;
import sparrow.engine.reply.StopReason;

/** The end of a reply, as its client sees it. */
public enum Ending {
    /** The model ended it. */
    STOP,
    /** A limit ended it. */
    LENGTH,
    /** It would have gone on for ever, and the guard ended it. */
    RUNAWAY,
    /** The client took it back. */
    CANCELLED_CLIENT,
    /** The user began to speak. */
    CANCELLED_TURN,
    /** The client went away. */
    DISCONNECTED,
    /** The server failed. */
    FAILED,
    /** There was no room for it. */
    REJECTED;

    /** Of a reply that was not broken off. */
    public static Ending of(StopReason stop) {
        return switch (stop) {
            case END_TOKEN -> STOP;
            case RUNAWAY -> RUNAWAY;
            case NEW_TOKENS, SPEECH_TAIL, CONTEXT_FULL, INTERRUPTED, CANCELLED -> LENGTH;
        };
    }

    /** Its name in metrics and logs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
