package sparrow.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {
    private record Row(String policy, double score, Double error, double depth, int questions) {}

    private static final Row NONE = new Row("none", 91.6666, 2.53, 16, 120);
    private static final Row NO = new Row("say \"no\", <b>", 100, null, 13.974, 120);

    private static Table<Row> table(Row... rows) {
        return new Table<>(List.of(rows))
                .words("policy", "exit policy", Row::policy)
                .meaning("When positions leave.")
                .mean("score", "score", 1, row -> new Mean(row.score(), row.error(), 3))
                .number("depth", "depth", 2, Row::depth)
                .number("questions", "questions", 0, Row::questions)
                .number("mos", "MOS", 2, _ -> Double.NaN)
                .quartiles("ms", "ms", 1, row -> row.error() == null ? null : new Quartiles(1, 2, 4, 5))
                .data("half", row -> row.depth() / 2);
    }

    @Test
    void peopleReadAlignedColumnsAndRoundedNumbers() {
        assertThat(table(NONE, NO).dropEmptyColumns().text()).isEqualTo("""
                exit policy         score  depth  questions  ms
                none           91.7 ± 2.5  16.00        120  2.0  (1.0 .. 4.0)
                say "no", <b>       100.0  13.97        120
                """);
    }

    @Test
    void linesThatArePrintedOneByOneStandBelowEachOther() {
        List<String> titles = table().lines(14);
        List<String> row = table(NO).lines(14);

        assertThat(titles).hasSize(1);
        assertThat(row).hasSize(2).first().isEqualTo(titles.getFirst());
    }

    @Test
    void programsReadAllDigitsAndAColumnForEveryStandardError() {
        assertThat(table(NONE, NO).csv()).isEqualTo("""
                policy,score,score_se,depth,questions,mos,ms,ms_lower,ms_upper,half
                none,91.6666,2.53,16.0,120,,2.0,1.0,4.0,8.0
                "say ""no"", <b>",100.0,,13.974,120,,,,,6.987
                """);
        assertThat(table(NO).json())
                .containsExactly(Map.of(
                        "policy", NO.policy(), "score", 100.0, "depth", 13.974, "questions", 120, "half", 6.987));
    }

    @Test
    void rowsOfAnotherTableFollow() {
        assertThat(table(NONE).append(table(NO)).csv())
                .isEqualTo(table(NONE, NO).csv());
    }
}
