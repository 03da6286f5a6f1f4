package sparrow.server.realtime.event;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Set;

/** The life of a response. */
public enum ResponseState {
    /** The model still listens to what the response follows. */
    LISTENING,
    /** The model was asked, and has not begun. */
    QUEUED,
    /** The message is in the conversation, and grows. */
    SPEAKING,
    /** Cancelled; the model has not let go of it yet. */
    CANCELLING,
    /** The model ended it. */
    COMPLETED,
    /** The user or the client stopped it. */
    CANCELLED,
    /** It hit a bound. */
    INCOMPLETE,
    /** It broke off, or could not begin. */
    FAILED;

    /** The states that may follow. */
    public Set<ResponseState> next() {
        return switch (this) {
            case LISTENING -> Set.of(QUEUED, CANCELLED, FAILED);
            case QUEUED -> Set.of(SPEAKING, CANCELLING, COMPLETED, INCOMPLETE, FAILED);
            case SPEAKING -> Set.of(CANCELLING, COMPLETED, INCOMPLETE, FAILED);
            case CANCELLING -> Set.of(CANCELLED, FAILED);
            case COMPLETED, CANCELLED, INCOMPLETE, FAILED -> Set.of();
        };
    }

    /** The protocol's name of it. */
    @JsonValue
    String wire() {
        return next().isEmpty() ? name().toLowerCase(Locale.ROOT) : "in_progress";
    }
}
