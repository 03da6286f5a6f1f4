package sparrow.server.realtime.session;

import java.util.function.Consumer;
import sparrow.engine.device.LostDeviceException;
import sparrow.engine.reply.StopReason;
import sparrow.models.family.BadToolCallException;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.SlowListenerException;
import sparrow.server.message.RefusalLog;
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
 * @param refusals a consumer of lines for the log
 * @param rateHz the sample rate of the model's speech
 */
public record SessionObserver(ServerMetrics metrics, ReplyLog log, Consumer<String> refusals, int rateHz) {
    private static final System.Logger LOG = System.getLogger("sparrow.server");

    /** Records the end of a response, whose client may have disconnected. */
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

    /** Records the transcription of a recording, whose client may have disconnected. */
    void transcribed(String itemId, double seconds, PooledReply reply) {
        StopReason stop = reply.reply().stop();
        Ending ending = stop == StopReason.CANCELLED ? Ending.DISCONNECTED : Ending.of(stop);
        finished(new FinishedReply(itemId, Api.TRANSCRIPTIONS, ending, seconds, 0, reply, rateHz, 0));
    }

    private void finished(FinishedReply reply) {
        metrics.finished(reply);
        log.finished(reply);
    }

    /** Records that a response was rejected because there was no capacity. */
    void rejected() {
        metrics.rejected(Api.REALTIME);
    }

    /** Records that a client was notified of a refusal. */
    void refused(Problem problem) {
        refusals.accept(RefusalLog.words(problem.code(), problem.param(), problem.message()));
    }

    /** Records the failure of a response or a transcription. */
    void failed(String id, RuntimeException failure) {
        String line = id + ": the reply failed";
        switch (failure) {
            // A lost device is not a defect, so a stack trace would not help.
            case LostDeviceException _ -> LOG.log(System.Logger.Level.ERROR, line);
            // The client is notified of these failures as refusals, which are logged.
            case BadToolCallException _, SlowListenerException _ -> {}
            default -> RefusalLog.defect(line, failure);
        }
        metrics.failed(Api.REALTIME);
    }

    /** Records the failure of a recogniser. No metric counts such failures. */
    void unrecognized(String itemId, Throwable failure) {
        LOG.log(System.Logger.Level.ERROR, itemId + ": the recogniser failed", failure);
    }

    /** Records that an item was truncated to the part that the user heard. */
    void truncated() {
        metrics.truncated();
    }

    /** Records that the user interrupted a response, with the time from the start of speech to the response's end. */
    void bargedIn(long nanos) {
        metrics.bargedIn(nanos);
    }
}
