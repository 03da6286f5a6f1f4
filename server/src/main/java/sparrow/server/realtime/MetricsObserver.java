package sparrow.server.realtime;

import java.util.function.Consumer;
import sparrow.engine.device.LostDeviceException;
import sparrow.engine.reply.StopReason;
import sparrow.models.family.BadToolCallException;
import sparrow.models.pool.PooledReply;
import sparrow.server.metrics.Api;
import sparrow.server.metrics.Ending;
import sparrow.server.metrics.FinishedReply;
import sparrow.server.metrics.ReplyLog;
import sparrow.server.metrics.ServerMetrics;

/** Counts responses and logs them. */
final class MetricsObserver implements SessionObserver {
    private static final System.Logger LOG = System.getLogger("sparrow.server");

    private final ServerMetrics metrics;
    private final ReplyLog log;
    private final Consumer<String> refusals;
    private final int rateHz;

    /**
     * @param refusals are lines of the log
     * @param rateHz of the model's speech
     */
    MetricsObserver(ServerMetrics metrics, ReplyLog log, Consumer<String> refusals, int rateHz) {
        this.refusals = refusals;
        this.metrics = metrics;
        this.log = log;
        this.rateHz = rateHz;
    }

    @Override
    public void finished(RunningResponse response, PooledReply reply) {
        FinishedReply finished = new FinishedReply(
                response.id(),
                Api.REALTIME,
                ending(response, reply.reply().stop()),
                response.report().questionSeconds(),
                response.report().listeningNanos(),
                reply,
                rateHz,
                response.playback().longestUnderrunSeconds());
        metrics.finished(finished);
        log.finished(finished);
    }

    @Override
    public void transcribed(String itemId, double seconds, PooledReply reply) {
        StopReason stop = reply.reply().stop();
        Ending ending = stop == StopReason.CANCELLED ? Ending.DISCONNECTED : Ending.of(stop);
        FinishedReply finished = new FinishedReply(itemId, Api.TRANSCRIPTIONS, ending, seconds, 0, reply, rateHz, 0);
        metrics.finished(finished);
        log.finished(finished);
    }

    private static Ending ending(RunningResponse response, StopReason stop) {
        if (response.isCancelled()) {
            return switch (response.cancelReason().orElseThrow()) {
                case TURN_DETECTED -> Ending.CANCELLED_TURN;
                case CLIENT_CANCELLED -> Ending.CANCELLED_CLIENT;
                case DISCONNECTED -> Ending.DISCONNECTED;
            };
        }
        return stop == StopReason.CANCELLED || stop == StopReason.INTERRUPTED ? Ending.FAILED : Ending.of(stop);
    }

    @Override
    public void rejected() {
        metrics.rejected(Api.REALTIME);
    }

    @Override
    public void refused(Problem problem) {
        refusals.accept(problem.code() + " " + problem.message());
    }

    @Override
    public void failed(String responseId, RuntimeException failure) {
        String line = responseId + ": the reply broke off";
        switch (failure) {
            // A lost device is no defect: where the reply was does not matter.
            case LostDeviceException _ -> LOG.log(System.Logger.Level.ERROR, line);
            // The client is told as of a refusal, which is logged.
            case BadToolCallException _ -> {}
            default -> LOG.log(System.Logger.Level.ERROR, line, failure);
        }
        metrics.failed(Api.REALTIME);
    }

    @Override
    public void truncated() {
        metrics.truncated();
    }

    @Override
    public void bargedIn(long nanos) {
        metrics.bargedIn(nanos);
    }
}
