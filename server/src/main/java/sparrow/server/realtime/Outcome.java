package sparrow.server.realtime;

import java.util.Optional;
import sparrow.models.pool.PooledReply;
import sparrow.server.realtime.ServerEvent.Status;

/**
 * How a response ended.
 *
 * @param status in a word
 * @param reason why it was cut off
 * @param problem why it failed
 */
record Outcome(Status status, Optional<String> reason, Optional<Problem> problem) {
    static Outcome failed(Problem problem) {
        return new Outcome(Status.FAILED, Optional.empty(), Optional.of(problem));
    }

    static Outcome cancelled(RunningResponse response) {
        return new Outcome(Status.CANCELLED, response.cancelReason().map(CancelReason::wire), Optional.empty());
    }

    static Outcome of(RunningResponse response, PooledReply reply) {
        if (response.isCancelled()) return cancelled(response);
        return switch (reply.reply().stop()) {
            case END_TOKEN -> new Outcome(Status.COMPLETED, Optional.empty(), Optional.empty());
            case NEW_TOKENS, SPEECH_TAIL, RUNAWAY, CONTEXT_FULL ->
                new Outcome(Status.INCOMPLETE, Optional.of("max_output_tokens"), Optional.empty());
            case CANCELLED, INTERRUPTED ->
                failed(Problem.of(Problem.SERVER, "the server is shutting down", Optional.empty()));
        };
    }

    /** What became of the item. */
    Item.Status itemStatus() {
        return status == Status.COMPLETED ? Item.Status.COMPLETED : Item.Status.INCOMPLETE;
    }
}
