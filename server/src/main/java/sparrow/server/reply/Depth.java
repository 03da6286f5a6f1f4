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
 * Properties of a reply that only Sparrow reports. Other clients ignore them.
 *
 * @param exit the exits in command-line notation
 * @param layers the model's number of layers
 * @param meanLayersText the mean number of layers read per text token
 * @param meanLayersSpeech the mean number of layers read per speech token, or null without speech
 * @param positionLayers the number of layers computed per token, including the layers of discarded drafts
 * @param depthSaved the share of layers saved at speech positions, or null without speech
 * @param early statistics of early tokens that were verified at full depth, or null if no token was verified
 * @param drafts statistics of drafts, or null if there were no drafts
 * @param trace one letter per position ({@link TraceLetter})
 * @param stop the reason why the reply ended
 * @param understood whether the reply is an answer and not the model's refusal, or null if unknown
 * @param confidence the lowest probability of a text token, or null if unknown
 * @param runaways the repetition that the guard detected, or null if there was no repetition
 * @param times the times of the reply's stages
 * @param caution a description of changes to the request, or null if it was not changed
 * @param forgottenTurns the number of the request's oldest turns that were omitted, or null if no turn was omitted
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
        Boolean understood,
        Double confidence,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FoundRunaway> runaways,
        Times times,
        String caution,
        Integer forgottenTurns) {
    /**
     * Early tokens that were verified at full depth.
     *
     * @param agreed the number of tokens that full depth would also have chosen
     * @param meanNats the mean difference in log probability between the token and the most likely token at full depth
     */
    public record Early(long checked, long agreed, double meanNats) {}

    /** The numbers of drafted and accepted early tokens. */
    public record Drafts(int drafted, int accepted) {}

    /**
     * A repetition that would not have ended by itself.
     *
     * @param what the kind of repetition
     * @param from the index, from 0, of the first token after which the reply contained no new content
     * @param period the number of codes or text tokens in one copy, or 0 if a budget was exceeded
     */
    public record FoundRunaway(String what, int from, int period) {
        static FoundRunaway of(Runaway runaway) {
            return new FoundRunaway(runaway.kind().name().toLowerCase(Locale.ROOT), runaway.from(), runaway.period());
        }
    }

    /**
     * Times in seconds since the request was read. A value is null if its event did not occur.
     *
     * @param queue the time until admission
     * @param firstToken the time until the first token was selected
     * @param prefill the time between admission and the first token
     * @param firstAudio the time until the first samples were decoded
     * @param total the time until the last samples were decoded
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Times(Double queue, Double prefill, Double firstToken, Double firstAudio, Double total) {}

    /**
     * Returns the properties of a reply.
     *
     * @param plan the reply's exit plan
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
                reply.understood().orElse(null),
                finite(reply.reply().confidence().orElse(Double.NaN)),
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
                : new Early(agreement.checked(), agreement.agreed(), agreement.meanNats());
    }

    private static Drafts drafts(ComputeStats.Share compute) {
        return compute.drafted() == 0 ? null : new Drafts(compute.drafted(), compute.accepted());
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static Double seconds(long nanos) {
        return nanos <= 0 ? null : nanos / 1e9;
    }
}
