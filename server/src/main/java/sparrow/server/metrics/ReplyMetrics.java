package sparrow.server.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.List;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.PromptUse;

/** Durations and costs of replies, and the continuity of their sound. */
final class ReplyMetrics {
    /** Silences that a listener may not mind, milliseconds. */
    private static final List<Integer> SILENCES_MS = List.of(0, 100, 500);

    private final Counter promptTokens;
    private final Counter prefixHits;
    private final Histogram queue;
    private final Histogram encode;
    private final Histogram prefill;
    private final Histogram firstToken;
    private final Histogram interToken;
    private final Histogram request;
    private final Histogram firstAudio;
    private final Histogram realTimeFactor;
    private final Histogram silence;
    private final Counter continuous;
    private final Counter audioIn;
    private final Counter audioOut;

    ReplyMetrics(MetricFamilies families) {
        promptTokens = families.counter("sparrow_prompt_tokens_total", "Positions of prompts", "kind", "cached");
        prefixHits = families.counter(
                "sparrow_prefix_hits_total", "Replies whose prompt was there in part, keys and values with it");
        queue = families.times("sparrow_queue_seconds", "From the asking to the batch");
        encode = families.times("sparrow_encode_seconds", "Making codes or vectors of a question's sound");
        prefill = families.times("sparrow_prefill_seconds", "From the batch to the first token");
        firstToken = families.times("sparrow_time_to_first_token_seconds", "From the asking to the first token");
        interToken = families.times("sparrow_inter_token_seconds", "From one token to the next");
        request = families.times("sparrow_request_seconds", "From the asking to the end of a reply");
        firstAudio = families.times(
                "sparrow_time_to_first_audio_seconds",
                "To the first samples: from the asking, which in a spoken conversation is the end of the question");
        realTimeFactor = families.factors("sparrow_audio_rtf", "Time that a reply took, by the length of its sound");
        silence = families.times(
                "sparrow_audio_underrun_seconds", "Longest silence of a player that began with the first samples");
        continuous = families.counter(
                "sparrow_audio_continuous_total", "Replies whose player had no longer silence", "threshold_ms");
        SILENCES_MS.forEach(threshold -> continuous.initLabelValues(threshold.toString()));
        audioIn = families.counter("sparrow_audio_in_seconds_total", "Sound of questions");
        audioOut = families.counter("sparrow_audio_out_seconds_total", "Sound of replies");
    }

    void add(FinishedReply finished) {
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

    /** Cached positions are not told by kind. A prompt begins with text, which is taken to be there before sound is. */
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
}
