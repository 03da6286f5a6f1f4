package sparrow.study.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
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
import sparrow.models.SpokenModel;
import sparrow.study.compare.CompareFiles.ItemResult;
import sparrow.study.report.FactMean;
import sparrow.study.run.KeptReply;
import sparrow.study.text.WordErrors;

/**
 * The results of a policy for the questions of one set or of all sets.
 *
 * @param set name of the question set, or "all" for all sets
 * @param questions number of questions
 * @param textScore points for the text, 0 to 100: accuracy in percent, or marks times 10
 * @param refused number of replies that are the model's refusal, or null if the model has no refusal
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
        Integer refused,
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
        UnitFormat units = setup.model().languageModel().units();
        return new SetResult(
                set,
                items.size(),
                mean(items, ReplyScores::textPoints),
                refused(replies, setup.model()),
                mean(items, ReplyScores::speechPoints),
                WordErrorRate.of(heard(items)),
                mean(items, scores -> scores.mos() == null ? null : scores.mos().overall()),
                difference,
                DepthSummary.of(steps, compute, setup.layers()),
                overPositions(items, setup.layers(), DepthSummary::averageTextExit, DepthSummary::textPositions),
                overPositions(items, setup.layers(), DepthSummary::averageSpeechExit, DepthSummary::speechPositions),
                overPositions(items, setup.layers(), DepthSummary::depthSaved, DepthSummary::speechPositions),
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

    /** Returns the values of a score for the replies that have it. */
    static List<FactMean.Value> values(List<ItemResult> items, Function<ReplyScores, Double> score) {
        return items.stream()
                .filter(item -> score.apply(item.scores()) != null)
                .map(item -> new FactMean.Value(item.question().fact(), score.apply(item.scores()), 1))
                .toList();
    }

    private static Mean mean(List<ItemResult> items, Function<ReplyScores, Double> score) {
        return FactMean.of(values(items, score));
    }

    /** Returns the average of a value over the positions of all replies. */
    private static Mean overPositions(
            List<ItemResult> items,
            int layers,
            ToDoubleFunction<DepthSummary> average,
            ToIntFunction<DepthSummary> positions) {
        List<FactMean.Value> values = new ArrayList<>();
        for (ItemResult item : items) {
            DepthSummary depth =
                    DepthSummary.of(item.reply().steps(), item.reply().compute(), layers);
            int count = positions.applyAsInt(depth);
            if (count > 0)
                values.add(new FactMean.Value(item.question().fact(), average.applyAsDouble(depth) * count, count));
        }
        return FactMean.of(values);
    }

    private static double count(KeptReply reply, Predicate<Unit> counted) {
        return reply.units().stream().filter(counted).count();
    }

    private static List<WordErrorRate.Heard> heard(List<ItemResult> items) {
        List<WordErrorRate.Heard> all = new ArrayList<>();
        for (ItemResult item : items) {
            String heard = item.scores().transcript();
            if (heard == null) continue;
            all.add(new WordErrorRate.Heard(
                    item.question().fact(), WordErrors.between(item.reply().text(), heard)));
        }
        return all;
    }

    private static Integer refused(List<KeptReply> replies, SpokenModel model) {
        if (model.understood("").isEmpty()) return null;
        return (int) replies.stream()
                .filter(reply -> !model.understood(reply.text()).orElseThrow())
                .count();
    }

    private static SortedMap<String, Integer> failures(List<ItemResult> items) {
        SortedMap<String, Integer> failures = new TreeMap<>();
        for (ItemResult item : items) {
            item.scores().failures().keySet().forEach(who -> failures.merge(who, 1, Integer::sum));
        }
        return failures;
    }

    private static double average(Stream<Double> values) {
        return values.mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }
}
