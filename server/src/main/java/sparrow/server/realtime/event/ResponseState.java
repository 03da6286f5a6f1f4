package sparrow.server.realtime.event;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Set;

/** The states of a response. */
public enum ResponseState {
    /** The response's input is still being encoded. */
    LISTENING,
    /** The request is in the pool's queue. */
    QUEUED,
    /** The response's message has been added to the conversation and is being extended. */
    SPEAKING,
    /** The response was cancelled, but the model has not stopped yet. */
    CANCELLING,
    /** The model ended the response. */
    COMPLETED,
    /** The user or the client stopped the response. */
    CANCELLED,
    /** A limit ended the response. */
    INCOMPLETE,
    /** An error interrupted the response, or it could not begin. */
    FAILED;

    /** Returns the states that may follow this state. */
    public Set<ResponseState> next() {
        return switch (this) {
            case LISTENING -> Set.of(QUEUED, CANCELLED, FAILED);
            case QUEUED -> Set.of(SPEAKING, CANCELLING, COMPLETED, INCOMPLETE, FAILED);
            case SPEAKING -> Set.of(CANCELLING, COMPLETED, INCOMPLETE, FAILED);
            case CANCELLING -> Set.of(CANCELLED, FAILED);
            case COMPLETED, CANCELLED, INCOMPLETE, FAILED -> Set.of();
        };
    }

    /** Returns the protocol's name for this state. */
    @JsonValue
    String wire() {
        return next().isEmpty() ? name().toLowerCase(Locale.ROOT) : "in_progress";
    }
}
