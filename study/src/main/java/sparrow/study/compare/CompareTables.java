package sparrow.study.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sparrow.engine.decode.DepthSummary;
import sparrow.study.report.Cell;
import sparrow.study.report.Column;
import sparrow.study.report.Quartiles;
import sparrow.study.report.Table;

/** The results of a comparison as tables. */
final class CompareTables {
    private static final String TEXT_SCORE =
            "Points of the replies' text, 0 to 100: the judge's accuracy in percent, or"
                    + " marks times 10. The mean, and its standard error.";
    private static final String HEARD_SCORE =
            "Points of what the recogniser heard of the speech, judged like the text.";

    private CompareTables() {}

    /** One line a row, for people: scores set by set, the rest of all sets together. */
    static Table overview(List<RowResult> rows) {
        List<Column<RowResult>> columns = new ArrayList<>(names());
        columns.addAll(scores(rows, "text", "text", TEXT_SCORE, SetResult::textScore, RowResult::meanTextScore));
        columns.addAll(scores(rows, "heard", "speech", HEARD_SCORE, SetResult::heardScore, RowResult::meanHeardScore));
        for (Column<SetResult> column : measures()) {
            columns.add(new Column<>(
                    column.key(),
                    column.title(),
                    column.meaning(),
                    column.kind(),
                    row -> column.cell().apply(row.all())));
        }
        return Table.of(columns, rows).withoutEmptyColumns();
    }

    private static List<Column<RowResult>> names() {
        return List.of(
                Column.words(
                        "row",
                        "row",
                        "The row's name in the published table.",
                        row -> row.name().isEmpty() ? new Cell.Nothing() : Cell.text(row.name())),
                Column.words(
                        "policies",
                        "exit policy",
                        "Of speech positions, unless text is named.",
                        row -> Cell.text(row.policies())));
    }

    private interface OfSet {
        Mean of(SetResult set);
    }

    private interface OfRow {
        Mean of(RowResult row);
    }

    private static List<Column<RowResult>> scores(
            List<RowResult> rows, String key, String title, String meaning, OfSet ofSet, OfRow ofRow) {
        List<SetResult> sets = rows.getFirst().sets();
        List<Column<RowResult>> columns = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            int set = i;
            String name = sets.get(i).set();
            columns.add(Column.estimates(
                    key + "_" + name,
                    name + ": " + title,
                    meaning,
                    row -> cell(ofSet.of(row.sets().get(set)), 1)));
        }
        if (sets.size() > 1) {
            columns.add(Column.estimates(
                    key + "_mean", "mean: " + title, "The mean of the sets.", row -> cell(ofRow.of(row), 1)));
        }
        return columns;
    }

    private static List<Column<SetResult>> measures() {
        return List.of(
                Column.estimates(
                        "wer_percent",
                        "WER %",
                        "Word errors of what the recogniser heard of the speech against the reply's own text, by its"
                                + " words, both normalised as Whisper does; with its standard error.",
                        set -> cell(set.wordErrorRate())),
                Column.estimates("mos", "MOS", "Predicted opinion score of the speech.", set -> cell(set.mos(), 2)),
                Column.numbers(
                        "text_exit",
                        "text exit",
                        "Average exit layer of text positions.",
                        set -> cell(set.textExit(), 2)),
                Column.numbers(
                        "speech_exit",
                        "speech exit",
                        "Average exit layer of speech positions.",
                        set -> cell(set.speechExit(), 2)),
                Column.numbers(
                        "depth_saved_percent",
                        "saved %",
                        "Layers that speech positions did without: 1 - average exit / L, the paper's speed-up. A count of"
                                + " layers, not a time.",
                        set -> percent(set.depthSaved())),
                Column.numbers(
                        "ended_percent",
                        "ended %",
                        "Replies that ended by themselves.",
                        set -> percent(set.endedShare())),
                Column.numbers(
                        "speech_tokens",
                        "speech tokens",
                        "Speech codes of a reply.",
                        set -> cell(set.speechTokens(), 1)),
                Column.words(
                        "failures",
                        "failures",
                        "Replies that could not be scored, by who failed.",
                        set -> failures(set.failures())));
    }

    /** One line for every row and set, and one for all sets together: for programs. */
    static Table bySet(List<RowResult> rows) {
        record Line(RowResult row, SetResult set) {}
        List<Line> lines = rows.stream()
                .flatMap(row ->
                        Stream.concat(row.sets().stream(), Stream.of(row.all())).map(set -> new Line(row, set)))
                .toList();
        List<Column<Line>> columns = new ArrayList<>();
        columns.add(Column.words("row", "row", "", line -> Cell.text(line.row().name())));
        columns.add(Column.words(
                "policies", "policies", "", line -> Cell.text(line.row().policies())));
        columns.add(Column.words("set", "set", "", line -> Cell.text(line.set().set())));
        columns.add(Column.numbers(
                "questions", "questions", "", line -> Cell.number(line.set().questions(), 0)));
        columns.add(Column.estimates(
                "text_score", "text", "", line -> cell(line.set().textScore(), 1)));
        columns.add(Column.estimates(
                "heard_score", "speech", "", line -> cell(line.set().heardScore(), 1)));
        columns.add(Column.numbers(
                "heard",
                "heard",
                "",
                line -> Cell.number(line.set().wordErrorRate().utterances(), 0)));
        for (Column<SetResult> column : measures()) {
            columns.add(new Column<>(
                    column.key(),
                    column.title(),
                    "",
                    column.kind(),
                    line -> column.cell().apply(line.set())));
        }
        return Table.of(columns, lines);
    }

    /** One line a reply, for programs. */
    static Table items(List<ItemResult> items, CompareSetup setup, PolicyRow row) {
        return Table.of(
                List.of(
                        Column.words("row", "row", "", item -> Cell.text(row.name())),
                        Column.words("policies", "policies", "", item -> Cell.text(row.policies())),
                        Column.words(
                                "set",
                                "set",
                                "",
                                item -> Cell.text(item.asked().set().name())),
                        Column.words(
                                "id",
                                "id",
                                "",
                                item -> Cell.text(item.asked().item().id())),
                        Column.words(
                                "question",
                                "question",
                                "",
                                item -> Cell.text(item.asked().item().question())),
                        Column.words(
                                "text",
                                "text",
                                "",
                                item -> Cell.text(item.reply().text())),
                        Column.words(
                                "heard",
                                "heard",
                                "",
                                item -> words(item.assessment().heard())),
                        Column.numbers(
                                "text_points",
                                "text points",
                                "",
                                item -> cell(item.assessment().textPoints(), 0)),
                        Column.numbers(
                                "heard_points",
                                "heard points",
                                "",
                                item -> cell(item.assessment().heardPoints(), 0)),
                        Column.numbers(
                                "mos",
                                "MOS",
                                "",
                                item -> item.assessment().mos() == null
                                        ? new Cell.Nothing()
                                        : Cell.number(item.assessment().mos().overall(), 2)),
                        Column.numbers(
                                "speech_exit",
                                "speech exit",
                                "",
                                item -> Cell.number(
                                        DepthSummary.of(item.reply().steps(), setup.layers())
                                                .averageSpeechExit(),
                                        2)),
                        Column.numbers(
                                "tokens",
                                "tokens",
                                "",
                                item -> Cell.number(item.reply().tokens().size(), 0)),
                        Column.words(
                                "stop",
                                "stop",
                                "",
                                item -> Cell.text(item.reply().stop().name()))),
                items);
    }

    /** What was timed, medians with the outer quartiles. */
    static Table timing(List<TimingResult> results) {
        return Table.of(
                        List.of(
                                Column.words(
                                        "row",
                                        "row",
                                        "The row's name in the published table.",
                                        result -> result.name().isEmpty()
                                                ? new Cell.Nothing()
                                                : Cell.text(result.name())),
                                Column.words(
                                        "policies",
                                        "exit policy",
                                        "Of speech positions, unless text is named.",
                                        result -> Cell.text(result.policies())),
                                spread(
                                        "per_speech_second",
                                        "s per s of speech",
                                        "Seconds from the question to the last sample, by seconds of speech.",
                                        TimingResult::perSpeechSecond),
                                spread(
                                        "per_speech_second_ratio",
                                        "x none",
                                        "The same by that of none, question by question: below 1 is faster.",
                                        TimingResult::perSpeechSecondRatio),
                                spread(
                                        "ms_per_token",
                                        "ms per token",
                                        "Milliseconds of decoding a token, while speech is vocoded beside it.",
                                        TimingResult::millisPerToken),
                                spread(
                                        "ms_per_token_ratio",
                                        "x none",
                                        "The same by that of none, question by question: below 1 is faster.",
                                        TimingResult::millisPerTokenRatio),
                                spread(
                                        "first_audio",
                                        "first audio s",
                                        "Seconds from the question to the first sample that can be played.",
                                        TimingResult::firstAudio)),
                        results)
                .withoutEmptyColumns();
    }

    private interface OfTiming {
        Quartiles of(TimingResult result);
    }

    private static Column<TimingResult> spread(String key, String title, String meaning, OfTiming figure) {
        return Column.words(key, title, meaning + " Median, and the quartiles around it.", result -> {
            Quartiles quartiles = figure.of(result);
            if (quartiles == null) return new Cell.Nothing();
            return Cell.text(String.format(
                    Locale.ROOT, "%.3f (%.3f .. %.3f)", quartiles.median(), quartiles.lower(), quartiles.upper()));
        });
    }

    private static Cell cell(Mean mean, int decimals) {
        return mean.value() == null ? new Cell.Nothing() : estimate(mean.value(), mean.error(), decimals);
    }

    private static Cell cell(WordErrorRate rate) {
        return rate.percent() == null ? new Cell.Nothing() : estimate(rate.percent(), rate.error(), 1);
    }

    private static Cell estimate(double value, Double error, int decimals) {
        return Cell.estimate(value, error == null ? Double.NaN : error, decimals);
    }

    private static Cell cell(Double value, int decimals) {
        return value == null ? new Cell.Nothing() : Cell.number(value, decimals);
    }

    private static Cell percent(Double share) {
        return share == null ? new Cell.Nothing() : Cell.number(100 * share, 1);
    }

    private static Cell words(String text) {
        return text == null ? new Cell.Nothing() : Cell.text(text);
    }

    private static Cell failures(Map<String, Integer> failures) {
        if (failures.isEmpty()) return new Cell.Nothing();
        return Cell.text(failures.entrySet().stream()
                .map(failure -> failure.getKey() + " " + failure.getValue())
                .collect(Collectors.joining(", ")));
    }
}
