package sparrow.server.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import sparrow.engine.interleave.Modality;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.models.pool.ConversationPool;
import sparrow.models.pool.PoolObserver;

/** The server's counters for Prometheus; docs/server.md lists the names. Safe for every thread, and never waits. */
public final class ServerMetrics implements PoolObserver {
    /** Of {@link #text}. */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private final MetricFamilies families;
    private final int layers;
    private final ReplyMetrics replies;
    private final LongAdder layersRun = new LongAdder();
    private final LongAdder layersThere = new LongAdder();

    private final Counter requests;
    private final Counter generatedTokens;
    private final Counter earlyChecked;
    private final Counter drafts;
    private final Histogram pass;
    private final Histogram passRows;
    private final Counter earlyPasses;
    private final Histogram vocoder;
    private final Counter evictions;
    private final Counter evictedPositions;
    private final Counter truncations;
    private final Histogram bargeIn;
    private final Gauge sessions;

    /**
     * Of a model.
     *
     * @param id what clients call it
     * @param layers L
     */
    public ServerMetrics(String id, int layers) {
        this.families = new MetricFamilies(id);
        this.layers = layers;
        this.replies = new ReplyMetrics(families);
        requests =
                families.counter("sparrow_requests_total", "Replies that are over, by how they ended", "api", "reason");
        generatedTokens = families.counter("sparrow_generated_tokens_total", "Tokens of replies", "kind", "exit");
        earlyChecked = families.counter(
                "sparrow_early_checked_total", "Early tokens that full depth was asked about", "verdict");
        drafts = families.counter(
                "sparrow_drafts_total", "Early tokens that were drafts, by what full depth said of them", "verdict");
        pass = families.times("sparrow_pass_seconds", "A pass through the layers, by its depth", "depth");
        passRows = families.rows("sparrow_pass_rows", "Rows of a pass: replies that decode, prompt positions", "kind");
        earlyPasses = families.counter("sparrow_early_passes_total", "Passes that did not read the upper layers");
        vocoder = families.times("sparrow_vocoder_seconds", "Making sound of a block of codes");
        evictions = families.counter(
                "sparrow_kv_evictions_total", "Conversations between replies that lost their keys and values");
        evictedPositions = families.counter(
                "sparrow_evicted_positions_total", "Positions that conversations forgot to go on within the context");
        truncations = families.counter("sparrow_truncations_total", "Replies that were cut to what was heard of them");
        bargeIn = families.times(
                "sparrow_barge_in_seconds", "From a speaker's beginning to the last sound of the reply that it ends");
        sessions = families.gauge("sparrow_sessions_open", "Realtime sessions");
        families.gauge(
                "sparrow_depth_saved_ratio", "Share of the layers saved at speech positions so far", this::depthSaved);
    }

    /** Share of the layers saved at speech positions so far; 0 before the first. */
    public double depthSaved() {
        long there = layersThere.sum();
        return there == 0 ? 0 : 1 - (double) layersRun.sum() / there;
    }

    /** Shows from now on what a pool is doing. Once. */
    public void watch(Supplier<ConversationPool.Status> status) {
        families.gauge(
                "sparrow_requests_running",
                "Replies being prefilled, decoded or vocoded",
                () -> status.get().active());
        families.gauge(
                "sparrow_requests_waiting",
                "Replies that wait to be admitted",
                () -> status.get().waiting());
        families.gauge(
                "sparrow_vocoder_queue",
                "Blocks of codes that wait for a vocoder",
                () -> status.get().vocoderQueue());
        families.kvBytes(status);
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

    /** A reply is over. */
    public void finished(FinishedReply finished) {
        requests.labelValues(finished.api().label(), finished.ending().label()).inc();
        replies.add(finished);
        evictedPositions.inc(finished.reply().prompt().evicted());
        Reply reply = finished.reply().reply();
        reply.steps().forEach(this::count);
        layersRun.add(reply.compute().speech().layersRead());
        EarlyTokenAgreement agreement = reply.agreement();
        earlyChecked.labelValues("right").inc(agreement.right());
        earlyChecked.labelValues("wrong").inc(agreement.checked() - agreement.right());
        ComputeStats.Share compute = reply.compute().total();
        drafts.labelValues("confirmed").inc(compute.confirmed());
        drafts.labelValues("dropped").inc((double) compute.drafted() - compute.confirmed());
    }

    private void count(Step step) {
        boolean speech = step.modality() == Modality.SPEECH;
        generatedTokens
                .labelValues(speech ? "speech" : "text", step.exitLayer() < layers ? "early" : "full")
                .inc();
        if (speech) layersThere.add(layers);
    }

    /** A request found no room. */
    public void rejected(Api api) {
        requests.labelValues(api.label(), Ending.REJECTED.label()).inc();
    }

    /** A reply broke off, of which nothing is known. */
    public void failed(Api api) {
        requests.labelValues(api.label(), Ending.FAILED.label()).inc();
    }

    /** A session began. */
    public void sessionOpened() {
        sessions.inc();
    }

    /** A session ended. */
    public void sessionClosed() {
        sessions.dec();
    }

    /** A reply was cut to what was heard of it. */
    public void truncated() {
        truncations.inc();
    }

    /** The user began to speak while a reply was heard, and its last sound was sent so long after. */
    public void bargedIn(long nanos) {
        bargeIn.observe(nanos / 1e9);
    }

    /** Names of everything that is counted. */
    List<String> names() {
        return families.names();
    }

    /** Everything, in Prometheus' text format. */
    public byte[] text() {
        return families.text();
    }
}
