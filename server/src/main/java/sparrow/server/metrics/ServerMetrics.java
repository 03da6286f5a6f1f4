package sparrow.server.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import sparrow.engine.interleave.Modality;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.models.pool.ConversationPool;
import sparrow.models.pool.PoolObserver;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.PromptUse;
import sparrow.server.call.CallPort;
import sparrow.server.metrics.FinishedReply.Api;
import sparrow.server.metrics.FinishedReply.Ending;

/** The server's metrics for Prometheus. docs/server-operations.md lists their names. Thread-safe and non-blocking. */
public final class ServerMetrics extends MetricFamilies implements PoolObserver {
    /** The content type of {@link #text}. */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    /**
     * Thresholds in milliseconds. A reply is counted as uninterrupted if its longest gap does not exceed the threshold.
     */
    private static final List<Integer> SILENCES_MS = List.of(0, 100, 500);

    private final int layers;
    private final LongAdder layersRun = new LongAdder();
    private final LongAdder layersThere = new LongAdder();

    private final Counter requests = counter("sparrow_requests_total", "Finished replies by ending", "api", "reason");
    private final Counter generatedTokens =
            counter("sparrow_generated_tokens_total", "Generated tokens", "kind", "exit");
    private final Counter earlyChecked =
            counter("sparrow_early_checked_total", "Early tokens that were checked at full depth", "verdict");
    private final Counter drafts =
            counter("sparrow_drafts_total", "Draft tokens by the result of their verification", "verdict");
    private final Histogram pass = times("sparrow_pass_seconds", "A pass through the layers, by its depth", "depth");
    private final Histogram passRows =
            rows("sparrow_pass_rows", "Rows of a pass: decoding replies, prompt positions", "kind");
    private final Counter earlyPasses = counter("sparrow_early_passes_total", "Passes without the upper layers");
    private final Histogram vocoder = times("sparrow_vocoder_seconds", "Time to vocode a block of codes");
    private final Counter evictions =
            counter("sparrow_kv_evictions_total", "Idle conversations whose keys and values were evicted");
    private final Counter evictedPositions = counter(
            "sparrow_evicted_positions_total", "Positions dropped from conversations to stay within the context");
    private final Counter truncations =
            counter("sparrow_truncations_total", "Replies truncated to the part that the user heard");
    private final Histogram bargeIn = times(
            "sparrow_barge_in_seconds",
            "Time from the start of the user's speech to the last audio of the interrupted reply");
    private final Counter refusals =
            counter("sparrow_http_errors_total", "Responses with a status of 400 or higher", "status");
    private final Counter closes =
            counter("sparrow_sessions_refused_total", "Sessions that the server ended, by close code", "code");
    private final Counter callPackets =
            counter("sparrow_call_packets_total", "Packets of audio from WebRTC clients", "state");
    private final Histogram callJitter =
            times("sparrow_call_jitter_seconds", "Variation of the transit time of a WebRTC client's packets");
    private final Histogram callRoundTrip =
            times("sparrow_call_round_trip_seconds", "Round-trip time between the server and a WebRTC client");
    private final Gauge sessions = gauge("sparrow_sessions_open", "Realtime sessions");

    // Number of prompt tokens.
    private final Counter promptTokens = counter("sparrow_prompt_tokens_total", "Prompt positions", "kind", "cached");
    private final Counter prefixHits = counter("sparrow_prefix_hits_total", "Replies whose prompt was partly cached");
    private final Histogram queue = times("sparrow_queue_seconds", "Time from the request to admission to the batch");
    private final Histogram encode = times("sparrow_encode_seconds", "Time to encode a question's audio");
    private final Histogram prefill = times("sparrow_prefill_seconds", "Time from admission to the first token");
    private final Histogram firstToken =
            times("sparrow_time_to_first_token_seconds", "Time from the request to the first token");
    private final Histogram interToken = times("sparrow_inter_token_seconds", "Time between two tokens");
    private final Histogram request = times("sparrow_request_seconds", "Time from the request to the end of the reply");
    private final Histogram firstAudio = times(
            "sparrow_time_to_first_audio_seconds",
            "Time from the request, or the end of a spoken question, to the first samples");
    private final Histogram realTimeFactor =
            factors("sparrow_audio_rtf", "Generation time divided by the duration of the audio");
    private final Histogram silence =
            times("sparrow_audio_underrun_seconds", "Longest playback gap if playback starts with the first samples");
    private final Counter continuous = counter(
            "sparrow_audio_continuous_total", "Replies without a playback gap above the threshold", "threshold_ms");
    private final Counter audioIn = counter("sparrow_audio_in_seconds_total", "Seconds of audio in questions");
    private final Counter audioOut = counter("sparrow_audio_out_seconds_total", "Seconds of audio in replies");

    /**
     * Creates the metrics for a model.
     *
     * @param id the model's name for clients
     * @param layers the model's number of layers, L
     */
    public ServerMetrics(String id, int layers) {
        super(id);
        this.layers = layers;
        SILENCES_MS.forEach(threshold -> continuous.initLabelValues(threshold.toString()));
        gauge("sparrow_depth_saved_ratio", "Share of the layers saved at speech positions so far", this::depthSaved);
    }

    /** Counts a response if its status is 400 or higher. */
    public void answered(int status) {
        if (status >= 400) refusals.labelValues(Integer.toString(status)).inc();
    }

    /** Counts a session that the server ended with a close code because of its client. */
    public void sessionRefused(int code) {
        closes.labelValues(Integer.toString(code)).inc();
    }

    /** Records the quality of a call over WebRTC. */
    public void measured(CallPort.Quality quality) {
        callPackets.labelValues("received").inc(quality.received());
        callPackets.labelValues("lost").inc(quality.lost());
        callJitter.observe(quality.jitter().toNanos() / 1e9);
        if (!quality.roundTrip().isZero())
            callRoundTrip.observe(quality.roundTrip().toNanos() / 1e9);
    }

    /** Returns the share of layers saved at speech positions so far, or 0 before the first position. */
    public double depthSaved() {
        long there = layersThere.sum();
        return there == 0 ? 0 : 1 - (double) layersRun.sum() / there;
    }

    /**
     * Adds gauges for the state of the pool and of the sessions. Must not be called more than once.
     *
     * @param limit the maximum number of open sessions
     * @param free the number of sessions that could be opened now
     */
    public void watch(Supplier<ConversationPool.Status> status, int limit, IntSupplier free) {
        gauge("sparrow_sessions_limit", "Maximum number of open realtime sessions", () -> limit);
        gauge("sparrow_sessions_free", "Realtime sessions that could be opened now", free::getAsInt);
        gauge(
                "sparrow_requests_running",
                "Replies being prefilled, decoded or vocoded",
                () -> status.get().active());
        gauge(
                "sparrow_requests_waiting",
                "Replies waiting for admission",
                () -> status.get().waiting());
        gauge(
                "sparrow_vocoder_queue",
                "Code blocks waiting for a vocoder",
                () -> status.get().vocoderQueue());
        kvBytes(status);
        heapShares();
    }

    @Override
    public void pass(PoolObserver.Pass made) {
        pass.labelValues(made.early() ? "early" : "full").observe(made.nanos() / 1e9);
        if (made.early()) earlyPasses.inc();
        if (made.decoded() > 0) passRows.labelValues("decode").observe(made.decoded());
        if (made.prefilled() > 0) passRows.labelValues("prefill").observe(made.prefilled());
    }

    @Override
    public void vocoded(long nanos, int samples) {
        vocoder.observe(nanos / 1e9);
    }

    @Override
    public void evicted(long bytes) {
        evictions.inc();
    }

    /** Records a finished reply. */
    public void finished(FinishedReply finished) {
        requests.labelValues(finished.api().label(), finished.ending().label()).inc();
        addTimes(finished);
        evictedPositions.inc(finished.reply().prompt().evicted());
        Reply reply = finished.reply().reply();
        reply.steps().forEach(this::count);
        layersRun.add(reply.compute().speech().layersRead());
        EarlyTokenAgreement agreement = reply.agreement();
        earlyChecked.labelValues("agreed").inc(agreement.agreed());
        earlyChecked.labelValues("differed").inc(agreement.checked() - agreement.agreed());
        ComputeStats.Share compute = reply.compute().total();
        drafts.labelValues("accepted").inc(compute.accepted());
        drafts.labelValues("rejected").inc((double) compute.drafted() - compute.accepted());
    }

    private void addTimes(FinishedReply finished) {
        audioIn.inc(finished.heardSeconds());
        if (finished.encodeNanos() > 0) encode.observe(finished.encodeNanos() / 1e9);
        PooledReply reply = finished.reply();
        count(reply.prompt());
        PooledReply.Timing timing = reply.timing();
        if (timing.begun() > 0) queue.observe(timing.begun() / 1e9);
        if (timing.firstToken() > 0) {
            prefill.observe((timing.firstToken() - timing.begun()) / 1e9);
            firstToken.observe(timing.firstToken() / 1e9);
        }
        reply.reply().steps().stream().skip(1).forEach(step -> interToken.observe(step.nanos() / 1e9));
        request.observe(timing.done() / 1e9);
        if (timing.samples() > 0) heard(finished, timing);
    }

    private void heard(FinishedReply finished, PooledReply.Timing timing) {
        audioOut.inc(finished.spokenSeconds());
        firstAudio.observe(timing.firstAudio() / 1e9);
        realTimeFactor.observe((timing.done() - timing.begun()) / 1e9 / finished.spokenSeconds());
        silence.observe(finished.silenceSeconds());
        for (int threshold : SILENCES_MS) {
            if (1000 * finished.silenceSeconds() <= threshold) {
                continuous.labelValues(Integer.toString(threshold)).inc();
            }
        }
    }

    /**
     * Counts prompt tokens. The pool does not report the kind of cached positions. A prompt begins with text, so cached
     * positions are counted as text first.
     */
    private void count(PromptUse prompt) {
        int text = prompt.tokens() - prompt.audio();
        int cachedText = Math.min(text, prompt.cached());
        int cachedAudio = prompt.cached() - cachedText;
        promptTokens.labelValues("text", "true").inc(cachedText);
        promptTokens.labelValues("text", "false").inc(text - cachedText);
        promptTokens.labelValues("speech", "true").inc(cachedAudio);
        promptTokens.labelValues("speech", "false").inc(prompt.audio() - cachedAudio);
        if (prompt.cached() > 0) prefixHits.inc();
    }

    private void count(Step step) {
        boolean speech = step.modality() == Modality.SPEECH;
        generatedTokens
                .labelValues(speech ? "speech" : "text", step.exitLayer() < layers ? "early" : "full")
                .inc();
        if (speech) layersThere.add(layers);
    }

    /** Records a request that was rejected because there was no capacity. */
    public void rejected(Api api) {
        requests.labelValues(api.label(), Ending.REJECTED.label()).inc();
    }

    /** Records a reply that failed without a result. */
    public void failed(Api api) {
        requests.labelValues(api.label(), Ending.FAILED.label()).inc();
    }

    /** Records the start of a session. */
    public void sessionOpened() {
        sessions.inc();
    }

    /** Records the end of a session. */
    public void sessionClosed() {
        sessions.dec();
    }

    /** Records that a reply was truncated to the part that the user heard. */
    public void truncated() {
        truncations.inc();
    }

    /**
     * Records that the user interrupted a reply.
     *
     * @param nanos the time from the start of the user's speech until the last audio was sent
     */
    public void bargedIn(long nanos) {
        bargeIn.observe(nanos / 1e9);
    }
}
