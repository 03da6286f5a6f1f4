package sparrow.server.chat;

import sparrow.engine.reply.StopReason;
import sparrow.models.Question;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyListener;
import sparrow.server.audio.PlaybackClock;
import sparrow.server.metrics.Ending;
import sparrow.server.metrics.FinishedReply;
import sparrow.server.metrics.ReplyLog;
import sparrow.server.metrics.ServerMetrics;

/** Counts a reply. */
final class Accounting implements ReplyListener {
    private final ServerMetrics metrics;
    private final ReplyLog log;
    private final String requestId;
    private final Answering.Asked asked;
    private final PlaybackClock playback;
    private volatile boolean gone;

    Accounting(ServerMetrics metrics, ReplyLog log, String requestId, Answering.Asked asked) {
        this.metrics = metrics;
        this.log = log;
        this.requestId = requestId;
        this.asked = asked;
        this.playback = new PlaybackClock(asked.sampleRateHz());
    }

    /** The client went away. */
    void clientGone() {
        gone = true;
    }

    boolean isClientGone() {
        return gone;
    }

    @Override
    public void speech(float[] samples) {
        playback.sent(System.nanoTime(), samples.length);
    }

    @Override
    public void ended(PooledReply reply) {
        FinishedReply finished = new FinishedReply(
                requestId,
                asked.api(),
                ending(reply.reply().stop()),
                heardSeconds(),
                asked.hearingNanos(),
                reply,
                asked.sampleRateHz(),
                playback.longestUnderrunSeconds());
        metrics.finished(finished);
        log.finished(finished);
    }

    private double heardSeconds() {
        return switch (asked.chat().question()) {
            case Question.Codes codes -> codes.seconds();
            case Question.Embeddings vectors -> vectors.seconds();
            case Question.Spoken(var waveform) -> waveform.seconds();
            case Question.Typed _, Question.ToolOutputs _ -> 0;
        };
    }

    private Ending ending(StopReason stop) {
        if (stop != StopReason.CANCELLED) return Ending.of(stop);
        return gone ? Ending.DISCONNECTED : Ending.FAILED;
    }

    @Override
    public void failed(RuntimeException failure) {
        metrics.failed(asked.api());
    }
}
