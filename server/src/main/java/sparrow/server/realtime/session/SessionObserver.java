package sparrow.server.realtime.session;

import java.util.function.Consumer;
import sparrow.engine.device.LostDeviceException;
import sparrow.engine.reply.StopReason;
import sparrow.models.family.BadToolCallException;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.SlowListenerException;
import sparrow.server.metrics.FinishedReply;
import sparrow.server.metrics.FinishedReply.Api;
import sparrow.server.metrics.FinishedReply.Ending;
import sparrow.server.metrics.ReplyLog;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.realtime.event.Problem;
import sparrow.server.realtime.event.Recording;

/**
 * Counts and logs the outcomes of a session's responses.
 *
 * @param refusals receives lines for the log
 * @param rateHz of the model's speech
 */
public record SessionObserver(ServerMetrics metrics, ReplyLog log, Consumer<String> refusals, int rateHz) {
    private static final System.Logger LOG = System.getLogger("sparrow.server");

    /** A response ended; its client may have disconnected. */
    void finished(Response response, PooledReply reply) {
        StopReason stop = reply.reply().stop();
        boolean broken = stop == StopReason.CANCELLED || stop == StopReason.INTERRUPTED;
        finished(new FinishedReply(
                response.id(),
                Api.REALTIME,
                response.cancelReason()
                        .map(Response.CancelReason::ending)
                        .orElse(broken ? Ending.FAILED : Ending.of(stop)),
                response.question().map(Recording::seconds).orElse(0.0),
                response.question().map(Recording::listeningNanos).orElse(0L),
                reply,
                rateHz,
                response.playback().longestUnderrunSeconds()));
    }

    /** A recording was transcribed; its client may have disconnected. */
    void transcribed(String itemId, double seconds, PooledReply reply) {
        StopReason stop = reply.reply().stop();
        Ending ending = stop == StopReason.CANCELLED ? Ending.DISCONNECTED : Ending.of(stop);
        finished(new FinishedReply(itemId, Api.TRANSCRIPTIONS, ending, seconds, 0, reply, rateHz, 0));
    }

    private void finished(FinishedReply reply) {
        metrics.finished(reply);
        log.finished(reply);
    }

    /** A response was rejected for lack of room. */
    void rejected() {
        metrics.rejected(Api.REALTIME);
    }

    /** A client was notified of a refusal. */
    void refused(Problem problem) {
        refusals.accept(problem.code() + " " + problem.message());
    }

    /** A response or a transcription failed. */
    void failed(String id, RuntimeException failure) {
        String line = id + ": the reply broke off";
        switch (failure) {
            // A lost device is not a defect: a stack trace would not help.
            case LostDeviceException _ -> LOG.log(System.Logger.Level.ERROR, line);
            // The client is notified of it as a refusal, which is logged.
            case BadToolCallException _, SlowListenerException _ -> {}
            default -> LOG.log(System.Logger.Level.ERROR, line, failure);
        }
        metrics.failed(Api.REALTIME);
    }

    /** A recogniser failed, which no metric counts. */
    void unrecognized(String itemId, Throwable failure) {
        LOG.log(System.Logger.Level.ERROR, itemId + ": the recogniser failed", failure);
    }

    /** An item was truncated to the part that was heard. */
    void truncated() {
        metrics.truncated();
    }

    /**
     * The user interrupted a response.
     *
     * @param nanos time from the start of speech to the end of the response
     */
    void bargedIn(long nanos) {
        metrics.bargedIn(nanos);
    }
}
