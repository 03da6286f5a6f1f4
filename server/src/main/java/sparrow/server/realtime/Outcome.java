package sparrow.server.realtime;

import java.util.Optional;
import sparrow.models.pool.PooledReply;
import sparrow.server.realtime.ServerEvent.Reason;
import sparrow.server.realtime.ServerEvent.Status;
import sparrow.server.realtime.ServerEvent.StatusDetails;

/**
 * The end of a response.
 *
 * @param status in a word
 * @param details why it was cut off or failed; null if neither
 */
record Outcome(Status status, StatusDetails details) {
    /** It has not. */
    static final Outcome NONE = new Outcome(Status.IN_PROGRESS, null);

    static Outcome failed(Problem problem) {
        Reason reason = new Reason(problem.type(), problem.code(), problem.message());
        return new Outcome(Status.FAILED, new StatusDetails(Status.FAILED, null, reason));
    }

    private static Outcome cutOff(Status status, String reason) {
        return new Outcome(status, new StatusDetails(status, reason, null));
    }

    static Outcome cancelled(RunningResponse response) {
        return cutOff(Status.CANCELLED, response.cancelReason().orElseThrow().wire());
    }

    static Outcome of(RunningResponse response, PooledReply reply) {
        if (response.isCancelled()) return cancelled(response);
        return switch (reply.reply().stop()) {
            case END_TOKEN -> new Outcome(Status.COMPLETED, null);
            case NEW_TOKENS, SPEECH_TAIL, RUNAWAY, CONTEXT_FULL -> cutOff(Status.INCOMPLETE, "max_output_tokens");
            case CANCELLED, INTERRUPTED ->
                failed(Problem.of(Problem.SERVER, "the server is shutting down", Optional.empty()));
        };
    }

    /** The state of the item afterwards. */
    Item.Status itemStatus() {
        return status == Status.COMPLETED ? Item.Status.COMPLETED : Item.Status.INCOMPLETE;
    }
}
