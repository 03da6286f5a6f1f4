package sparrow.study.compare;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import sparrow.app.report.Quartiles;
import sparrow.study.report.Cell;
import sparrow.study.report.Column;
import sparrow.study.report.Table;

/** What was timed as a table: medians with the outer quartiles. */
final class TimingTable {
    private static final String RATIO = "The same by that of none, question by question: below 1 is faster.";

    private TimingTable() {}

    static Table of(List<TimingResult> results) {
        List<Column<TimingResult>> columns = List.of(
                Column.words("row", "row", Cells.ROW, result -> Cells.words(result.name())),
                Column.words("policies", "exit policy", Cells.POLICIES, result -> Cell.text(result.policies())),
                spread(
                        "per_speech_second",
                        "s per s of speech",
                        "Seconds from the question to the last sample, by seconds of speech.",
                        TimingResult::perSpeechSecond),
                spread("per_speech_second_ratio", "x none", RATIO, TimingResult::perSpeechSecondRatio),
                spread(
                        "ms_per_token",
                        "ms per token",
                        "Milliseconds of decoding a token, while speech is vocoded beside it.",
                        TimingResult::millisPerToken),
                spread("ms_per_token_ratio", "x none", RATIO, TimingResult::millisPerTokenRatio),
                spread(
                        "first_audio",
                        "first audio s",
                        "Seconds from the question to the first sample that can be played.",
                        TimingResult::firstAudio));
        return Table.of(columns, results).withoutEmptyColumns();
    }

    private static Column<TimingResult> spread(
            String key, String title, String meaning, Function<TimingResult, Quartiles> figure) {
        return Column.words(key, title, meaning + " Median, and the quartiles around it.", result -> {
            Quartiles quartiles = figure.apply(result);
            if (quartiles == null) return new Cell.Nothing();
            return Cell.text(String.format(
                    Locale.ROOT, "%.3f (%.3f .. %.3f)", quartiles.median(), quartiles.lower(), quartiles.upper()));
        });
    }
}
