package sparrow.study.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.exit.ExitPlan;
import sparrow.study.run.PolicyCase;

/** Which policy of a sweep made by hand is chosen. */
class SweepTest {
    private static Measured measured(String policy, double saved, double wer, double mos) {
        ExitPlan plan = PolicyCase.parse(policy).plan();
        double layersRead = 16 * (1 - saved);
        return new Measured(
                plan, layersRead, saved, layersRead, layersRead, 16, Map.of(Quality.WER, wer, Quality.MOS, mos));
    }

    private final Sweep sweep = new Sweep(
            measured("none", 0, 6, 3.5),
            List.of(
                    measured("even:8", 0.25, 29, 3.0),
                    measured("even:12", 0.125, 8, 3.45),
                    measured("triple:12", 0.17, 10, 3.3),
                    measured("FEEF:10", 0.17, 10, 3.4),
                    measured("odd:12", 0.125, 7, 3.2),
                    measured("fixed:12", 0.25, 15, 3.3)));

    @ParameterizedTest(name = "{0} chooses {1}")
    @CsvSource(
            delimiter = ' ',
            value = {
                "wer=+2.0 odd:12", // the bound is kept by equality, and odd:12 is better in WER
                "wer=8 odd:12",
                "wer=+4 triple:12", // as good as FEEF:10, and first
                "wer=+4,mos=-0.2 FEEF:10", // as good in WER, better in MOS
                "mos=-0.2,wer=+4 FEEF:10",
                "wer=+9.5 fixed:12",
                "wer=+9.5,mos=3.4 FEEF:10",
                "wer=100 fixed:12" // saves as much as even:8, with fewer errors
            })
    void isTheOneThatSavesTheMostWithinTheBudget(String budget, String chosen) {
        assertThat(sweep.choose(Budget.parse(budget))).map(Measured::policies).hasValue(chosen);
    }

    @Test
    void isNoneWhereNoneKeepsTheBudget() {
        assertThat(sweep.choose(Budget.parse("wer=+0.5"))).isEmpty();
        assertThat(sweep.choose(Budget.parse("agreement=50"))).isEmpty(); // was not measured
    }

    @Test
    void isNoneWhereNothingIsSaved() {
        Sweep still = new Sweep(sweep.fullDepth(), List.of(measured("conf:12:0.0", 0, 6, 3.5)));

        assertThat(still.choose(Budget.parse("wer=+2.0"))).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"", "wer", "wer=", "wer=+", "wer=two", "speed=1", "wer=+2,wer=8", "wer=+2.0;mos=1", "WER=1"})
    void isRefusedInOneLineByABudgetThatIsNone(String budget) {
        assertThatThrownBy(() -> Budget.parse(budget))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--budget: expected")
                .hasMessageNotContaining("\n");
    }

    @Test
    void hasEveryScheduleAtEveryLayerAndEveryThreshold() {
        List<ExitPlan> candidates = Candidates.of(
                List.of("even", "FE", "conf"), new TreeSet<>(List.of(12, 8)), List.of(0.1, 0.5), List.of(), 3);

        assertThat(candidates)
                .extracting(ExitPlan::toString)
                .containsExactly("even:8", "even:12", "conf:8:0.1", "conf:8:0.5", "conf:12:0.1", "conf:12:0.5");
    }

    @Test
    void hasSchedulesAndThresholdsOfTextAlone() {
        assertThat(Candidates.of(
                        List.of("text=even", "text=conf"), new TreeSet<>(List.of(12)), List.of(0.1, 0.5), List.of(), 3))
                .extracting(ExitPlan::toString)
                .containsExactly("text=even:12", "text=conf:12:0.1", "text=conf:12:0.5");
    }

    @Test
    void hasDraftsInRowsOfEveryLength() {
        assertThat(Candidates.of(List.of("draft", "even"), new TreeSet<>(List.of(8)), List.of(0.5), List.of(1, 4), 3))
                .extracting(ExitPlan::toString)
                .containsExactly("draft:8:1", "draft:8:4", "even:8");
    }

    @Test
    void hasDraftsOfAHeadForSpeechAndForBothAsFarAsItLooksAhead() {
        TreeSet<Integer> none = new TreeSet<>();

        assertThat(Candidates.of(List.of("speculate", "draft"), none, List.of(), List.of(2, 3, 4), 3))
                .extracting(ExitPlan::toString)
                .containsExactly(
                        "speculate:2",
                        "text=speculate:2,speech=speculate:2",
                        "speculate:3",
                        "text=speculate:3,speech=speculate:3");
        assertThatThrownBy(() -> Candidates.of(List.of("speculate", "draft"), none, List.of(), List.of(4), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "--schedules: expected one or more candidates, got none of [speculate, draft] with layers []"
                                + " and drafts [4]");
    }

    @Test
    void isTheOneThatReadsTheFewestLayersOfThoseThatAreExact() {
        Measured none = read("none", 0, 16);
        Sweep exact = new Sweep(
                none,
                List.of(
                        read("even:8", 0.25, 12), // wrong codes stay in it
                        read("draft:8:2", 0.24, 13.5), // saves the most at speech positions alone
                        read("draft:10:3", 0.22, 13.1),
                        read("even:12+verify", 0.12, 14.2)));

        assertThat(exact.choose(Budget.parse("exact"))).map(Measured::policies).hasValue("draft:10:3");
        assertThat(exact.within(Budget.EXACT)).hasSize(3);
        assertThat(new Sweep(none, List.of(read("draft:6:8", -0.1, 17))).choose(Budget.EXACT))
                .isEmpty();
    }

    private static Measured read(String policy, double speechSaved, double layersRead) {
        return new Measured(PolicyCase.parse(policy).plan(), 16, speechSaved, layersRead, layersRead, 16, Map.of());
    }

    @Test
    void isTheOneOfTheLeastTimeWhereAdditionalRowsTakeTime() {
        Measured deep = new Measured(PolicyCase.parse("draft:8:8").plan(), 16, 0.4, 9, 30, 16, Map.of());
        Measured flat = new Measured(PolicyCase.parse("draft:8:2").plan(), 16, 0.3, 11, 18, 16, Map.of());
        Sweep sweep = new Sweep(read("none", 0, 16), List.of(deep, flat));

        assertThat(sweep.choose(new Budget.Exact(0))).contains(deep);
        assertThat(sweep.choose(new Budget.Exact(0.15))).contains(flat); // 12.15 and 12.05
        assertThat(sweep.choose(new Budget.Exact(1))).isEmpty();
    }

    @Test
    void hasNoUnknownSchedule() {
        assertThatThrownBy(() -> Candidates.of(List.of("never"), new TreeSet<>(List.of(8)), List.of(), List.of(), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "--schedules: expected even, odd, triple, fixed, conf, draft, speculate or a pattern such as FEEF,"
                                + " optionally after text=, got \"never\"");
    }
}
