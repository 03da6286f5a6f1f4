package sparrow.study.compare;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sparrow.app.report.Mean;
import sparrow.app.report.Quartiles;
import sparrow.app.report.Table;
import sparrow.engine.reply.DepthSummary;
import sparrow.study.compare.CompareFiles.ItemResult;
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
                .words("row", "row", ROW, row -> row.policy().name())
                .words("policies", "exit policy", POLICIES, row -> row.policies());
        addPoints(table, rows, "text", "text", """
                Mean points of the replies' text with its standard error, 0 to 100: the judge's accuracy in percent, or marks \
                times 10.\
                """, SetResult::textScore, PolicyResult::meanTextScore);
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
                    meaning,
                    1,
                    row -> ofSet.apply(row.sets().get(at)));
        }
        if (sets.size() > 1) table.mean(key + "_mean", "mean: " + title, "The mean over sets.", 1, ofSets);
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
                .mean("text_score", null, "", 1, line -> line.set().textScore())
                .data("text_scored", line -> line.set().textScore().count())
                .mean("heard_score", null, "", 1, line -> line.set().heardScore())
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
        table.mean("text_difference", "Δ text", meaning, 1, difference.andThen(PairedDifference::text))
                .mean("heard_difference", "Δ speech", meaning, 1, difference.andThen(PairedDifference::heard))
                .mean("wer_difference", "Δ WER", meaning, 1, difference.andThen(PairedDifference::wer))
                .mean("mos_difference", "Δ MOS", meaning, 3, difference.andThen(PairedDifference::mos))
                .number(
                        "same_replies",
                        "same replies",
                        "Number of replies identical to those of full depth, token by token.",
                        0,
                        row -> same(difference.apply(row)));
    }

    private static Integer same(PairedDifference difference) {
        return difference.questions() == 0 ? null : difference.same();
    }

    private static <R> void addMeasures(Table<R> table, Function<R, SetResult> set) {
        Function<R, DepthSummary> depth = set.andThen(SetResult::depth);
        table.mean(
                        "wer_percent",
                        "WER %",
                        """
                        Word error rate of the transcript relative to the reply's own text, both normalised as by Whisper, with \
                        its standard error.\
                        """,
                        1,
                        row -> set.apply(row).wordErrorRate().mean())
                .mean("mos", "MOS", "Predicted opinion score of the speech.", 2, set.andThen(SetResult::mos))
                .mean(
                        "text_exit",
                        "text exit",
                        "Average exit layer of text positions.",
                        2,
                        set.andThen(SetResult::textExit))
                .mean(
                        "speech_exit",
                        "speech exit",
                        "Average exit layer of speech positions.",
                        2,
                        set.andThen(SetResult::speechExit))
                .number(
                        "speech_layers_read",
                        "layers read, speech",
                        """
                        Layers read per speech token, including those of rejected drafts. Without drafts, it is the average exit \
                        layer.\
                        """,
                        2,
                        depth.andThen(DepthSummary::speechLayersRead))
                .mean(
                        "depth_saved_percent",
                        "saved %",
                        """
                        Layer reads saved at speech positions: 1 - reads / L, the paper's speed-up. A count of layers, not a \
                        time.\
                        """,
                        1,
                        row -> set.apply(row).depthSaved().times(100))
                .number(
                        "layers_read",
                        "layers read",
                        "Layers read per token of text or speech.",
                        2,
                        depth.andThen(DepthSummary::layersRead))
                .number("position_layers", "rows x layers", """
                        Layers computed per token, summed over positions and including rejected drafts: a measure of arithmetic, \
                        while layers read measure memory traffic.\
                        """, 2, depth.andThen(DepthSummary::positionLayers))
                .number(
                        "confirmed_percent",
                        "confirmed %",
                        "Percentage of drafts that were accepted.",
                        1,
                        row -> 100 * depth.apply(row).confirmed())
                .number(
                        "checked",
                        "checked",
                        "Number of early tokens compared with the last layer's choice.",
                        0,
                        row -> checked(set.apply(row)))
                .number(
                        "right_percent",
                        "right %",
                        "Percentage of these tokens that equal the last layer's choice.",
                        1,
                        row -> 100 * set.apply(row).agreement().agreement())
                .number(
                        "ended_percent",
                        "ended %",
                        "Percentage of replies that ended by themselves.",
                        1,
                        row -> 100 * set.apply(row).endedShare())
                .number(
                        "speech_tokens",
                        "speech tokens",
                        "Audible speech tokens, or frames, per reply.",
                        1,
                        set.andThen(SetResult::speechTokens))
                .words(
                        "failures",
                        "failures",
                        "Number of replies that could not be scored, by the scorer that failed.",
                        row -> counts(set.apply(row).failures()));
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
        String ratio = "Ratio to the time of none for each question; below 1 is faster.";
        Table<TimingResult> table = new Table<>(rows)
                .words("row", "row", ROW, row -> row.policy().name())
                .words("policies", "exit policy", POLICIES, row -> row.policy().policies());
        addTimes(
                table,
                "per_speech_second",
                "s per s of speech",
                "Seconds from the question to the last sample, per second of speech.",
                TimingResult::perSpeechSecond);
        addTimes(table, "per_speech_second_ratio", "x none", ratio, TimingResult::perSpeechSecondRatio);
        addTimes(
                table,
                "ms_per_token",
                "ms per token",
                "Milliseconds of decoding per token, while speech is vocoded concurrently.",
                TimingResult::millisPerToken);
        addTimes(table, "ms_per_token_ratio", "x none", ratio, TimingResult::millisPerTokenRatio);
        addTimes(
                table,
                "first_audio",
                "first audio s",
                "Seconds from the question until the first sample is available.",
                TimingResult::firstAudio);
        return table.dropEmptyColumns();
    }

    private static void addTimes(
            Table<TimingResult> table,
            String key,
            String title,
            String meaning,
            Function<TimingResult, Quartiles> times) {
        table.quartiles(
                key,
                title,
                meaning + " Median and quartiles.",
                value -> String.format(Locale.ROOT, "%.3f", value),
                times);
    }

    /** Returns a table for programs with one line per reply of a policy. */
    static Table<ItemResult> items(PolicyCase row, List<ItemResult> results, int layers) {
        return new Table<>(results)
                .data("row", _ -> row.name())
                .data("policies", _ -> row.policies())
                .data("set", item -> item.question().set().name())
                .data("id", item -> item.question().item().id())
                .data("question", item -> item.question().item().question())
                .data("text", item -> item.reply().text())
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
                .data("confirmed", item -> item.reply().compute().total().confirmed())
                .data("tokens", item -> item.reply().units().size())
                .data("stop", item -> item.reply().stop().name());
    }

    private static double depth(KeptReply reply, int layers, ToDoubleFunction<DepthSummary> figure) {
        return figure.applyAsDouble(DepthSummary.of(reply.steps(), reply.compute(), layers));
    }
}
