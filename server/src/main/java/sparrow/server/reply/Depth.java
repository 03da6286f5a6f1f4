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
 * The facts of a reply that only Sparrow reports; clients of others ignore them.
 *
 * @param exit its exits, in the command line's notation
 * @param layers of the model
 * @param meanLayersText layers read for a text token
 * @param meanLayersSpeech layers read for a speech token; missing without speech
 * @param positionLayers layers that positions went through for a token, those of drafts that were taken back included
 * @param depthSaved share of the layers saved at speech positions; missing without speech
 * @param early early tokens that full depth was asked about; missing if there were none
 * @param drafts missing if there were none
 * @param trace a letter a position ({@link TraceLetter})
 * @param stop what ended the reply
 * @param runaways what the guard found; missing if nothing
 * @param times of its making
 * @param caution what is otherwise than the client said; missing if nothing
 * @param forgottenTurns oldest turns of the request that the model was not asked with; missing if it was asked with all
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
     * Early tokens that full depth was asked about.
     *
     * @param right those that it would have chosen too
     * @param meanNats how much less likely it finds them than its favourite
     */
    public record Early(long checked, long right, double meanNats) {}

    /** Early tokens that were drafts. */
    public record Drafts(int drafted, int confirmed) {}

    /**
     * A reply that would have gone on for ever.
     *
     * @param what how it showed
     * @param from token of the reply, from 0, from which on it said nothing new
     * @param period codes or text tokens of one copy; 0 beyond a budget
     */
    public record FoundRunaway(String what, int from, int period) {
        static FoundRunaway of(Runaway runaway) {
            return new FoundRunaway(runaway.kind().name().toLowerCase(Locale.ROOT), runaway.from(), runaway.period());
        }
    }

    /**
     * Seconds since the request was read; a time is missing for what never came.
     *
     * @param queue until it was admitted
     * @param firstToken until its first token was decided
     * @param prefill between both
     * @param firstAudio until its first samples were there
     * @param total until the last were
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Times(Double queue, Double prefill, Double firstToken, Double firstAudio, Double total) {}

    /**
     * Of a reply.
     *
     * @param plan under which it was decided
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
