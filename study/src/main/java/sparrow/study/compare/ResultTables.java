package sparrow.study.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import sparrow.study.report.Cell;
import sparrow.study.report.Column;
import sparrow.study.report.Mean;
import sparrow.study.report.Table;

/** The results of a comparison as tables. */
final class ResultTables {
    /** What a judge gave points for. */
    private record Points(
            String key,
            String title,
            String meaning,
            Function<SetResult, Mean> ofSet,
            Function<PolicyResult, Mean> ofRow) {}

    private static final Points TEXT = new Points(
            "text",
            "text",
            "Points of the replies' text, 0 to 100: the judge's accuracy in percent, or marks times 10. The mean, and its"
                    + " standard error.",
            SetResult::textScore,
            PolicyResult::meanTextScore);

    private static final Points HEARD = new Points(
            "heard",
            "speech",
            "Points of what the recogniser heard of the speech, judged like the text.",
            SetResult::heardScore,
            PolicyResult::meanHeardScore);

    private ResultTables() {}

    /** One line a row, for people: scores set by set, the rest of all sets together. */
    static Table overview(List<PolicyResult> rows) {
        List<Column<PolicyResult>> columns = new ArrayList<>();
        columns.add(Column.words("row", "row", Cells.ROW, row -> Cells.words(row.name())));
        columns.add(Column.words("policies", "exit policy", Cells.POLICIES, row -> Cell.text(row.policies())));
        List<String> sets = rows.getFirst().sets().stream().map(SetResult::set).toList();
        for (Points points : List.of(TEXT, HEARD)) columns.addAll(scores(sets, points));
        for (Column<SetResult> measure : measures()) columns.add(measure.of(PolicyResult::all));
        return Table.of(columns, rows).withoutEmptyColumns();
    }

    private static List<Column<PolicyResult>> scores(List<String> sets, Points points) {
        List<Column<PolicyResult>> columns = new ArrayList<>();
        for (String set : sets) {
            int place = columns.size();
            String title = sets.size() == 1 ? points.title() + " score" : set + ": " + points.title();
            Function<PolicyResult, Mean> mean =
                    row -> points.ofSet().apply(row.sets().get(place));
            columns.add(score(points.key() + "_" + set, title, points.meaning(), mean));
        }
        if (sets.size() > 1) {
            String title = "mean: " + points.title();
            columns.add(score(points.key() + "_mean", title, "The mean of the sets.", points.ofRow()));
        }
        return columns;
    }

    private static <R> Column<R> score(String key, String title, String meaning, Function<R, Mean> mean) {
        return Column.estimates(key, title, meaning, thing -> Cells.of(mean.apply(thing), 1));
    }

    /** One line for every row and set, and one for all sets together: for programs. */
    static Table bySet(List<PolicyResult> rows) {
        record Line(PolicyResult row, SetResult set) {}
        List<Line> lines = rows.stream()
                .flatMap(row ->
                        Stream.concat(row.sets().stream(), Stream.of(row.all())).map(set -> new Line(row, set)))
                .toList();
        List<Column<Line>> columns = new ArrayList<>();
        columns.add(Column.words("row", line -> Cell.text(line.row().name())));
        columns.add(Column.words("policies", line -> Cell.text(line.row().policies())));
        columns.add(Column.words("set", line -> Cell.text(line.set().set())));
        columns.add(Column.numbers("questions", line -> Cell.number(line.set().questions(), 0)));
        columns.add(score("text_score", "", "", line -> line.set().textScore()));
        columns.add(score("heard_score", "", "", line -> line.set().heardScore()));
        columns.add(Column.numbers(
                "heard", line -> Cell.number(line.set().wordErrorRate().utterances(), 0)));
        for (Column<SetResult> measure : measures()) columns.add(measure.of(Line::set));
        return Table.of(columns, lines);
    }

    private static List<Column<SetResult>> measures() {
        return List.of(
                Column.estimates("wer_percent", "WER %", """
                        Word errors of what the recogniser heard of the speech against the reply's own text, by its words, \
                        both normalised as Whisper does; with its standard error.""", set -> Cells.of(set.wordErrorRate())),
                Column.estimates("mos", "MOS", "Predicted opinion score of the speech.", set -> Cells.of(set.mos(), 2)),
                number("text_exit", "text exit", "Average exit layer of text positions.", 2, SetResult::textExit),
                number(
                        "speech_exit",
                        "speech exit",
                        "Average exit layer of speech positions.",
                        2,
                        SetResult::speechExit),
                compute(
                        "speech_layers_read",
                        "layers read, speech",
                        "Layers read for a speech token, those of drafts that were taken back included. Without drafts: the"
                                + " average exit layer.",
                        ComputeResult::speechLayersRead),
                Column.numbers("depth_saved_percent", "saved %", """
                        Layer readings that speech tokens did without: 1 - readings / L, the paper's speed-up. A count of \
                        layers, not a time.""", set -> Cells.percent(set.depthSaved())),
                compute(
                        "layers_read",
                        "layers read",
                        "The same for a token of text or speech.",
                        ComputeResult::layersRead),
                compute(
                        "position_layers",
                        "rows x layers",
                        "Layers that positions went through for a token, those taken back included: arithmetic, where layers"
                                + " read are memory.",
                        ComputeResult::positionLayers),
                Column.numbers(
                        "confirmed_percent",
                        "confirmed %",
                        "Drafts that stayed, of all that were drafted.",
                        set -> Cells.percent(set.compute().confirmed())),
                Column.numbers(
                        "checked",
                        "checked",
                        "Early tokens that the last layer was asked about.",
                        set -> count(set.compute().checked())),
                Column.numbers(
                        "right_percent",
                        "right %",
                        "Those of them that it would have chosen too.",
                        set -> Cells.percent(set.compute().right())),
                Column.numbers(
                        "ended_percent",
                        "ended %",
                        "Replies that ended by themselves.",
                        set -> Cells.percent(set.endedShare())),
                number("speech_tokens", "speech tokens", "Speech codes of a reply.", 1, SetResult::speechTokens),
                Column.words(
                        "failures",
                        "failures",
                        "Replies that could not be scored, by who failed.",
                        set -> Cells.words(Cells.counts(set.failures()))));
    }

    private static Cell count(long count) {
        return count == 0 ? new Cell.Nothing() : Cell.number(count, 0);
    }

    private static Column<SetResult> compute(
            String key, String title, String meaning, Function<ComputeResult, Double> value) {
        return number(key, title, meaning, 2, set -> value.apply(set.compute()));
    }

    private static Column<SetResult> number(
            String key, String title, String meaning, int decimals, Function<SetResult, Double> value) {
        return Column.numbers(key, title, meaning, set -> Cells.of(value.apply(set), decimals));
    }
}
