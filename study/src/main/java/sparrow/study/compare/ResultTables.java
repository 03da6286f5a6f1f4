package sparrow.study.compare;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sparrow.app.report.Mean;
import sparrow.app.report.Table;
import sparrow.engine.reply.DepthSummary;
import sparrow.models.SpokenModel;
import sparrow.study.compare.CompareFiles.ItemResult;
import sparrow.study.compare.TimingPass.TimedReply;
import sparrow.study.run.KeptReply;
import sparrow.study.run.PolicyCase;

/** Formats the results of a comparison as tables. */
final class ResultTables {
    private static final String ROW = "The row's name in the published table.";
    private static final String POLICIES = "The policy of speech positions, unless it starts with text.";

    private ResultTables() {}

    /**
     * Returns a table for display with one line per policy, with scores for each set and other values over all sets.
     */
    static Table<PolicyResult> overview(List<PolicyResult> rows) {
        Table<PolicyResult> table = new Table<>(rows)
                .words("row", "row", row -> row.policy().name())
                .meaning(ROW)
                .words("policies", "exit policy", row -> row.policies())
                .meaning(POLICIES);
        addPoints(table, rows, "text", "text", """
                Mean points of the replies' text with its standard error, 0 to 100: the judge's accuracy in percent, or marks \
                times 10.\
                """, SetResult::textScore, PolicyResult::meanTextScore);
        addRefused(table, rows);
        addPoints(
                table,
                rows,
                "heard",
                "speech",
                "Points of the transcripts of the speech, judged like the text.",
                SetResult::heardScore,
                PolicyResult::meanHeardScore);
        addDifferences(table, PolicyResult::all);
        addMeasures(table, PolicyResult::all);
        return table.dropEmptyColumns();
    }

    private static void addPoints(
            Table<PolicyResult> table,
            List<PolicyResult> rows,
            String key,
            String title,
            String meaning,
            Function<SetResult, Mean> ofSet,
            Function<PolicyResult, Mean> ofSets) {
        List<String> sets = rows.getFirst().sets().stream().map(SetResult::set).toList();
        for (int place = 0; place < sets.size(); place++) {
            String set = sets.get(place);
            int at = place;
            table.mean(
                            key + "_" + set,
                            sets.size() == 1 ? title + " score" : set + ": " + title,
                            1,
                            row -> ofSet.apply(row.sets().get(at)))
                    .meaning(meaning);
        }
        if (sets.size() > 1)
            table.mean(key + "_mean", "mean: " + title, 1, ofSets).meaning("The mean over sets.");
    }

    private static void addRefused(Table<PolicyResult> table, List<PolicyResult> rows) {
        List<String> sets = rows.getFirst().sets().stream().map(SetResult::set).toList();
        for (int place = 0; place < sets.size(); place++) {
            String set = sets.get(place);
            int at = place;
            table.number(
                            "refused_" + set,
                            sets.size() == 1 ? "refused" : set + ": refused",
                            0,
                            row -> row.sets().get(at).refused())
                    .meaning("Number of replies that are the model's refusal.");
        }
    }

    /**
     * Returns a table for programs with one line for each policy and set, and one line for each policy over all sets.
     */
    static Table<?> bySet(List<PolicyResult> rows) {
        record Line(PolicyResult row, SetResult set) {}
        List<Line> lines = rows.stream()
                .flatMap(row ->
                        Stream.concat(row.sets().stream(), Stream.of(row.all())).map(set -> new Line(row, set)))
                .toList();
        Table<Line> table = new Table<>(lines)
                .data("row", line -> line.row().policy().name())
                .data("policies", line -> line.row().policies())
                .data("set", line -> line.set().set())
                .data("questions", line -> line.set().questions())
                .mean("text_score", null, 1, line -> line.set().textScore())
                .data("text_scored", line -> line.set().textScore().count())
                .data("refused", line -> line.set().refused())
                .mean("heard_score", null, 1, line -> line.set().heardScore())
                .data("heard_scored", line -> line.set().heardScore().count())
                .data("heard", line -> line.set().wordErrorRate().utterances())
                .data("words", line -> line.set().wordErrorRate().words())
                .data("word_errors", line -> line.set().wordErrorRate().edits())
                .data("mos_scored", line -> line.set().mos().count());
        addDifferences(table, Line::set);
        addMeasures(table, Line::set);
        return table.data("text_layers_read", line -> line.set().depth().textLayersRead())
                .data("drafted", line -> line.set().depth().compute().total().drafted())
                .data("text_tokens", line -> line.set().textTokens())
                .data("speech_seconds", line -> line.set().speechSeconds());
    }

    private static <R> void addDifferences(Table<R> table, Function<R, SetResult> set) {
        Function<R, PairedDifference> difference = set.andThen(SetResult::difference);
        String meaning = "Mean difference from full depth over questions.";
        table.mean("text_difference", "Δ text", 1, difference.andThen(PairedDifference::text))
                .meaning(meaning)
                .mean("heard_difference", "Δ speech", 1, difference.andThen(PairedDifference::heard))
                .meaning(meaning)
                .mean("wer_difference", "Δ WER", 1, difference.andThen(PairedDifference::wer))
                .meaning(meaning)
                .mean("mos_difference", "Δ MOS", 3, difference.andThen(PairedDifference::mos))
                .meaning(meaning)
                .number("same_replies", "same replies", 0, row -> same(difference.apply(row)))
                .meaning("Number of replies identical to those of full depth, token by token.");
    }

    private static Integer same(PairedDifference difference) {
        return difference.questions() == 0 ? null : difference.same();
    }

    private static <R> void addMeasures(Table<R> table, Function<R, SetResult> set) {
        Function<R, DepthSummary> depth = set.andThen(SetResult::depth);
        table.mean(
                        "wer_percent",
                        "WER %",
                        1,
                        set.andThen(SetResult::wordErrorRate).andThen(WordErrorRate::mean))
                .meaning("Word error rate of the transcript relative to the reply's own text, both normalised as by"
                        + " Whisper, with its standard error.")
                .mean("mos", "MOS", 2, set.andThen(SetResult::mos))
                .meaning("Predicted opinion score of the speech.")
                .mean("text_exit", "text exit", 2, set.andThen(SetResult::textExit))
                .meaning("Average exit layer of text positions.")
                .mean("speech_exit", "speech exit", 2, set.andThen(SetResult::speechExit))
                .meaning("Average exit layer of speech positions.")
                .number("speech_layers_read", "layers read, speech", 2, depth.andThen(DepthSummary::speechLayersRead))
                .meaning("Layers read per speech token, including those of rejected drafts. Without drafts, it is the"
                        + " average exit layer.")
                .mean(
                        "depth_saved_percent",
                        "saved %",
                        1,
                        row -> set.apply(row).depthSaved().times(100))
                .meaning(
                        "Layer reads saved at speech positions: 1 - reads / L, the paper's speed-up. A count of layers,"
                                + " not a time.")
                .number("layers_read", "layers read", 2, depth.andThen(DepthSummary::layersRead))
                .meaning("Layers read per token of text or speech.")
                .number("position_layers", "rows x layers", 2, depth.andThen(DepthSummary::positionLayers))
                .meaning("Layers computed per token, summed over positions and including rejected drafts: a measure of"
                        + " arithmetic, while layers read measure memory traffic.")
                .number(
                        "accepted_percent",
                        "accepted %",
                        1,
                        row -> 100 * depth.apply(row).accepted())
                .meaning("Percentage of drafts that were accepted.")
                .number("checked", "checked", 0, row -> checked(set.apply(row)))
                .meaning("Number of early tokens compared with the last layer's choice.")
                .number(
                        "agreed_percent",
                        "agreed %",
                        1,
                        row -> 100 * set.apply(row).agreement().agreement())
                .meaning("Percentage of these tokens that equal the last layer's choice.")
                .number(
                        "ended_percent",
                        "ended %",
                        1,
                        row -> 100 * set.apply(row).endedShare())
                .meaning("Percentage of replies that ended by themselves.")
                .number("speech_tokens", "speech tokens", 1, set.andThen(SetResult::speechTokens))
                .meaning("Audible speech tokens, or frames, per reply.")
                .words("failures", "failures", row -> counts(set.apply(row).failures()))
                .meaning("Number of replies that could not be scored, by the scorer that failed.");
    }

    private static Long checked(SetResult set) {
        return set.agreement().checked() == 0 ? null : set.agreement().checked();
    }

    /** Returns text such as {@code asr 2, mos 1}. */
    private static String counts(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(count -> count.getKey() + " " + count.getValue())
                .collect(Collectors.joining(", "));
    }

    static Table<TimingResult> timing(List<TimingResult> rows) {
        String ratio = "Ratio to the time of none for each question; below 1 is faster. Median and quartiles.";
        return new Table<>(rows)
                .words("row", "row", row -> row.policy().name())
                .meaning(ROW)
                .words("policies", "exit policy", row -> row.policy().policies())
                .meaning(POLICIES)
                .quartiles(
                        "per_speech_second", "s per s of speech", 3, row -> row.quartiles(TimedReply::perSpeechSecond))
                .meaning("Seconds from the question to the last sample, per second of speech. Median and quartiles.")
                .quartiles("per_speech_second_ratio", "x none", 3, row -> row.ratios(TimedReply::perSpeechSecond))
                .meaning(ratio)
                .quartiles("ms_per_token", "ms per token", 3, row -> row.quartiles(TimedReply::millisPerToken))
                .meaning("Milliseconds of decoding per token, while speech is vocoded concurrently. Median and"
                        + " quartiles.")
                .quartiles("ms_per_token_ratio", "x none", 3, row -> row.ratios(TimedReply::millisPerToken))
                .meaning(ratio)
                .quartiles("first_audio", "first audio s", 3, row -> row.quartiles(TimedReply::firstAudioOrNaN))
                .meaning("Seconds from the question until the first sample is available. Median and quartiles.")
                .dropEmptyColumns();
    }

    /** Returns a table for programs with one line per reply of a policy. */
    static Table<ItemResult> items(PolicyCase row, List<ItemResult> results, SpokenModel model) {
        int layers = model.languageModel().layers();
        return new Table<>(results)
                .data("row", _ -> row.name())
                .data("policies", _ -> row.policies())
                .data("set", item -> item.question().set().name())
                .data("id", item -> item.question().item().id())
                .data("question", item -> item.question().item().question())
                .data("text", item -> item.reply().text())
                .data(
                        "understood",
                        item -> model.understood(item.reply().text()).orElse(null))
                .data("confidence", item -> item.reply().confidence())
                .data("heard", item -> item.scores().transcript())
                .data("text_points", item -> item.scores().textPoints())
                .data("heard_points", item -> item.scores().speechPoints())
                .data(
                        "mos",
                        item -> item.scores().mos() == null
                                ? null
                                : item.scores().mos().overall())
                .data("speech_exit", item -> depth(item.reply(), layers, DepthSummary::averageSpeechExit))
                .data("speech_layers_read", item -> depth(item.reply(), layers, DepthSummary::speechLayersRead))
                .data("drafted", item -> item.reply().compute().total().drafted())
                .data("accepted", item -> item.reply().compute().total().accepted())
                .data("tokens", item -> item.reply().units().size())
                .data("stop", item -> item.reply().stop().name());
    }

    private static double depth(KeptReply reply, int layers, ToDoubleFunction<DepthSummary> figure) {
        return figure.applyAsDouble(DepthSummary.of(reply.steps(), reply.compute(), layers));
    }
}
