package sparrow.server.reply;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.DepthSummary;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.Runaway;
import sparrow.engine.reply.Step;
import sparrow.models.pool.PooledReply;

/**
 * Facts of a reply that only Sparrow reports; other clients ignore them.
 *
 * @param exit its exits, in the command line's notation
 * @param layers of the model
 * @param meanLayersText layers read for a text token
 * @param meanLayersSpeech layers read for a speech token; missing without speech
 * @param positionLayers layers computed per token, including those of rolled-back drafts
 * @param depthSaved share of the layers saved at speech positions; missing without speech
 * @param early early tokens that were checked at full depth; missing if there were none
 * @param drafts missing if there were none
 * @param trace one letter per position ({@link TraceLetter})
 * @param stop what ended the reply
 * @param runaways the repetition that the guard found; missing if none
 * @param times of its generation
 * @param caution how the request was changed; missing if it was not
 * @param forgottenTurns number of the oldest turns of the request that were left out; missing if none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Depth(
        String exit,
        int layers,
        Double meanLayersText,
        Double meanLayersSpeech,
        Double depthSaved,
        Double positionLayers,
        Early early,
        Drafts drafts,
        String trace,
        String stop,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FoundRunaway> runaways,
        Times times,
        String caution,
        Integer forgottenTurns) {
    /**
     * Early tokens that were checked at full depth.
     *
     * @param right tokens that full depth would have chosen too
     * @param meanNats mean difference of log probability between the token and the most likely one at full depth
     */
    public record Early(long checked, long right, double meanNats) {}

    /** Early tokens that were drafts. */
    public record Drafts(int drafted, int confirmed) {}

    /**
     * A reply that would have gone on forever.
     *
     * @param what kind of repetition
     * @param from index of the token, from 0, from which on the reply contained nothing new
     * @param period codes or text tokens of one copy; 0 if a budget was exceeded
     */
    public record FoundRunaway(String what, int from, int period) {
        static FoundRunaway of(Runaway runaway) {
            return new FoundRunaway(runaway.kind().name().toLowerCase(Locale.ROOT), runaway.from(), runaway.period());
        }
    }

    /**
     * Seconds since the request was read; missing for events that did not occur.
     *
     * @param queue until it was admitted
     * @param firstToken until its first token was decided
     * @param prefill between admission and the first token
     * @param firstAudio until its first samples were decoded
     * @param total until its last samples were decoded
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Times(Double queue, Double prefill, Double firstToken, Double firstAudio, Double total) {}

    /**
     * Returns the facts of a reply.
     *
     * @param plan exit plan of the reply
     */
    public static Depth of(PooledReply reply, ExitPlan plan, int layers, int forgottenTurns, Optional<String> caution) {
        List<Step> steps = reply.reply().steps();
        DepthSummary depth = DepthSummary.of(reply.reply(), layers);
        PooledReply.Timing timing = reply.timing();
        return new Depth(
                plan.toString(),
                layers,
                finite(depth.textLayersRead()),
                finite(depth.speechLayersRead()),
                finite(depth.depthSaved()),
                finite(depth.positionLayers()),
                early(reply.reply().agreement()),
                drafts(reply.reply().compute().total()),
                steps.stream()
                        .map(step -> String.valueOf(TraceLetter.of(step, layers)))
                        .collect(Collectors.joining()),
                reply.reply().stop().name().toLowerCase(Locale.ROOT),
                reply.reply().runaway().stream().map(FoundRunaway::of).toList(),
                new Times(
                        seconds(timing.begun()),
                        seconds(timing.firstToken() - timing.begun()),
                        seconds(timing.firstToken()),
                        seconds(timing.firstAudio()),
                        seconds(timing.done())),
                caution.orElse(null),
                forgottenTurns == 0 ? null : forgottenTurns);
    }

    private static Early early(EarlyTokenAgreement agreement) {
        return agreement.checked() == 0
                ? null
                : new Early(agreement.checked(), agreement.right(), agreement.meanNats());
    }

    private static Drafts drafts(ComputeStats.Share compute) {
        return compute.drafted() == 0 ? null : new Drafts(compute.drafted(), compute.confirmed());
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static Double seconds(long nanos) {
        return nanos <= 0 ? null : nanos / 1e9;
    }
}
