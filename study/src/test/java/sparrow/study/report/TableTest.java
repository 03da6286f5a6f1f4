package sparrow.study.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {
    private record Row(String policy, double score, double error, double depth, int questions) {}

    private static final Table TABLE = Table.of(
            List.of(
                    Column.words("policy", "exit policy", "When positions leave.", row -> Cell.text(row.policy())),
                    Column.estimates("score", "score", "", row -> Cell.estimate(row.score(), row.error(), 1)),
                    Column.numbers("depth", "depth", "", row -> Cell.number(row.depth(), 2)),
                    Column.numbers("questions", "questions", "", row -> Cell.number(row.questions(), 0)),
                    Column.numbers("mos", "MOS", "", row -> Cell.number(Double.NaN, 2))),
            List.of(new Row("none", 91.6666, 2.53, 16, 120), new Row("say \"no\", <b>", 100, Double.NaN, 13.974, 120)));

    @Test
    void peopleReadAlignedColumnsAndRoundedNumbers() {
        assertThat(TABLE.withoutEmptyColumns().text()).isEqualTo("""
                exit policy         score  depth  questions
                none           91.7 ± 2.5  16.00        120
                say "no", <b>       100.0  13.97        120
                """);
    }

    @Test
    void programsReadAllDigitsAndAColumnForEveryStandardError() {
        assertThat(TABLE.csv()).isEqualTo("""
                policy,score,score_se,depth,questions,mos
                none,91.6666,2.53,16.0,120,
                "say ""no"", <b>",100.0,,13.974,120,
                """);
    }

    @Test
    void pagesAreWholeEscapedAndNeedNothingElse() {
        byte[] sound = {1, 2, 3};
        Table sounds = Table.of(
                List.of(Column.words("speech", "speech", "", (byte[] wav) -> new Cell.Sound(wav))), List.of(sound));

        String page = new HtmlPage("Policies & <more>")
                .facts(Map.of("command", "sparrow --speak \"a {wav}\" <x>"))
                .heading("Results")
                .table(TABLE)
                .meanings(TABLE)
                .table(sounds)
                .picture(new byte[] {4, 5, 6}, 320, "A \"chart\"")
                .text();

        assertThat(page)
                .startsWith("<!doctype html>")
                .endsWith("</html>\n")
                .contains("<title>Policies &amp; &lt;more&gt;</title>")
                .contains("<dd>sparrow --speak &quot;a {wav}&quot; &lt;x&gt;</dd>")
                .contains("<th title=\"When positions leave.\">exit policy</th>")
                .contains("<td class=\"n\">91.7 <span class=\"error\">± 2.5</span></td>")
                .contains("<td>say &quot;no&quot;, &lt;b&gt;</td>")
                .contains("src=\"data:audio/wav;base64,AQID\"")
                .contains("src=\"data:image/png;base64,BAUG\" alt=\"A &quot;chart&quot;\"")
                .contains("prefers-color-scheme: dark")
                .doesNotContain("http://", "https://", "<script", "<link");
    }

    @Test
    void rowsOfAnotherLengthAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Table(TABLE.columns(), List.of(List.of(Cell.text("none")))))
                .withMessage("table: expected 5 cells in a row, got 1");
    }
}
