package sparrow.server.realtime.event;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Set;

/** The states of a response. */
public enum ResponseState {
    /** The model is still encoding the input of the response. */
    LISTENING,
    /** The request is in the pool's queue. */
    QUEUED,
    /** The response's message is in the conversation, and grows. */
    SPEAKING,
    /** Cancelled; the model has not stopped yet. */
    CANCELLING,
    /** The model ended it. */
    COMPLETED,
    /** The user or the client stopped it. */
    CANCELLED,
    /** A limit ended it. */
    INCOMPLETE,
    /** It was interrupted by an error, or could not begin. */
    FAILED;

    /** Returns the states that may follow. */
    public Set<ResponseState> next() {
        return switch (this) {
            case LISTENING -> Set.of(QUEUED, CANCELLED, FAILED);
            case QUEUED -> Set.of(SPEAKING, CANCELLING, COMPLETED, INCOMPLETE, FAILED);
            case SPEAKING -> Set.of(CANCELLING, COMPLETED, INCOMPLETE, FAILED);
            case CANCELLING -> Set.of(CANCELLED, FAILED);
            case COMPLETED, CANCELLED, INCOMPLETE, FAILED -> Set.of();
        };
    }

    /** Returns the protocol's name of this state. */
    @JsonValue
    String wire() {
        return next().isEmpty() ? name().toLowerCase(Locale.ROOT) : "in_progress";
    }
}
