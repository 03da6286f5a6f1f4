package sparrow.study.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import sparrow.app.report.Mean;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.DepthSummary;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;
import sparrow.study.compare.CompareFiles.ItemResult;
import sparrow.study.mos.Mos;
import sparrow.study.run.KeptReply;
import sparrow.study.text.WordErrors;

/**
 * The results of a policy for the questions of one set or of all sets.
 *
 * @param set name of the question set, or "all" for all sets
 * @param questions number of questions
 * @param textScore points for the text, 0 to 100: accuracy in percent, or marks times 10
 * @param heardScore points for the transcript of the speech
 * @param wordErrorRate word error rate of the transcript relative to the reply's own text
 * @param mos predicted opinion score of the speech
 * @param difference difference from full depth, without questions for full depth itself
 * @param depth exit layers and cost per token, including rejected drafts
 * @param textExit average exit layer of text positions
 * @param speechExit average exit layer of speech positions
 * @param depthSaved fraction of layer reads saved at speech positions, 0 to 1
 * @param agreement agreement of early tokens with the last layer
 * @param endedShare fraction of replies that ended normally, 0 to 1; this value and the next three values are NaN if
 *     there are no replies
 * @param textTokens average text tokens per reply
 * @param speechTokens average audible speech tokens or frames per reply
 * @param speechSeconds average speech duration per reply in seconds
 * @param failures number of replies without a score, by the scorer that failed
 */
public record SetResult(
        String set,
        int questions,
        Mean textScore,
        Mean heardScore,
        WordErrorRate wordErrorRate,
        Mean mos,
        PairedDifference difference,
        DepthSummary depth,
        Mean textExit,
        Mean speechExit,
        Mean depthSaved,
        EarlyTokenAgreement agreement,
        double endedShare,
        double textTokens,
        double speechTokens,
        double speechSeconds,
        SortedMap<String, Integer> failures) {

    static SetResult of(String set, List<ItemResult> items, PairedDifference difference, CompareSetup setup) {
        List<Step> steps =
                items.stream().flatMap(item -> item.reply().steps().stream()).toList();
        List<KeptReply> replies = items.stream().map(ItemResult::reply).toList();
        ComputeStats compute = replies.stream().map(KeptReply::compute).reduce(ComputeStats.NONE, ComputeStats::plus);
        EarlyTokenAgreement agreement =
                replies.stream().map(KeptReply::agreement).reduce(EarlyTokenAgreement.NONE, EarlyTokenAgreement::plus);
        List<DepthSummary> depths = replies.stream()
                .map(reply -> DepthSummary.of(reply.steps(), reply.compute(), setup.layers()))
                .toList();
        UnitFormat units = setup.model().languageModel().units();
        return new SetResult(
                set,
                items.size(),
                Mean.of(some(items.stream().map(item -> item.scores().textPoints()))),
                Mean.of(some(items.stream().map(item -> item.scores().speechPoints()))),
                WordErrorRate.of(wordErrors(items)),
                Mean.of(some(items.stream()
                        .map(item -> item.scores().mos())
                        .filter(Objects::nonNull)
                        .map(Mos::overall))),
                difference,
                DepthSummary.of(steps, compute, setup.layers()),
                overPositions(depths, DepthSummary::averageTextExit, DepthSummary::textPositions),
                overPositions(depths, DepthSummary::averageSpeechExit, DepthSummary::speechPositions),
                overPositions(depths, DepthSummary::depthSaved, DepthSummary::speechPositions),
                agreement,
                average(replies.stream().map(reply -> reply.stop() == StopReason.END_TOKEN ? 1.0 : 0.0)),
                average(replies.stream()
                        .map(reply -> count(reply, unit -> units.text(unit).isPresent()))),
                average(replies.stream().map(reply -> count(reply, unit -> units.codes(unit).length > 0))),
                average(replies.stream()
                        .map(reply ->
                                reply.speech() == null ? 0.0 : reply.speech().seconds())),
                failures(items));
    }

    /** Returns the average of a value over the positions of all replies, with its error over replies. */
    private static Mean overPositions(
            List<DepthSummary> replies, ToDoubleFunction<DepthSummary> average, ToIntFunction<DepthSummary> positions) {
        int[] counts = replies.stream().mapToInt(positions).toArray();
        if (Arrays.stream(counts).sum() == 0) return new Mean(null, null, 0);
        double[] sums = replies.stream()
                .mapToDouble(reply -> positions.applyAsInt(reply) == 0
                        ? 0
                        : average.applyAsDouble(reply) * positions.applyAsInt(reply))
                .toArray();
        return Mean.overReplies(sums, counts);
    }

    private static double count(KeptReply reply, Predicate<Unit> counted) {
        return reply.units().stream().filter(counted).count();
    }

    private static List<WordErrors> wordErrors(List<ItemResult> items) {
        List<WordErrors> errors = new ArrayList<>();
        for (ItemResult item : items) {
            String heard = item.scores().transcript();
            if (heard != null) errors.add(WordErrors.between(item.reply().text(), heard));
        }
        return errors;
    }

    private static SortedMap<String, Integer> failures(List<ItemResult> items) {
        SortedMap<String, Integer> failures = new TreeMap<>();
        for (ItemResult item : items) {
            item.scores().failures().keySet().forEach(who -> failures.merge(who, 1, Integer::sum));
        }
        return failures;
    }

    private static List<Double> some(Stream<Double> values) {
        return values.filter(Objects::nonNull).toList();
    }

    private static double average(Stream<Double> values) {
        return values.mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }
}
