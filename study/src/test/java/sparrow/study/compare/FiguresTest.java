package sparrow.study.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.app.report.Mean;
import sparrow.study.report.FactMean;
import sparrow.study.run.StudyQuestion;
import sparrow.study.text.WordErrors;

/** Means, rates and their standard errors, against direct computations. */
class FiguresTest {
    @Test
    void anAccuracyHasTheErrorOfItsBinomial() {
        List<Double> points = new ArrayList<>(Collections.nCopies(90, 100.0));
        points.addAll(Collections.nCopies(30, 0.0));

        Mean mean = Mean.of(points);

        assertThat(mean.value()).isEqualTo(75);
        assertThat(mean.count()).isEqualTo(120);
        // 100 sqrt(p (1 - p) / n), unbiased
        assertThat(mean.standardError()).isCloseTo(100 * Math.sqrt(0.75 * 0.25 / 119), within(1e-9));
    }

    @Test
    void nothingHasNoMeanAndOneValueNoError() {
        assertThat(Mean.of(List.of())).isEqualTo(new Mean(null, null, 0));
        assertThat(Mean.of(List.of(3.0))).isEqualTo(new Mean(3.0, null, 1));
    }

    @Test
    void everySetCountsTheSameAndAFactInSeveralSetsCountsOnce() {
        List<StudyQuestion> spoken = set("spoken", "a", "b");
        List<StudyQuestion> typed = set("typed", "a", "b");
        List<FactMean.Value> first = List.of(value(spoken.get(0), 100), value(spoken.get(1), 0));
        List<FactMean.Value> again = List.of(value(typed.get(0), 100), value(typed.get(1), 0));

        Mean mean = FactMean.ofSets(List.of(first, again));

        assertThat(mean.value()).isEqualTo(50);
        // Two facts, not four replies: the error of 100 and 0.
        assertThat(mean.standardError()).isCloseTo(50, within(1e-9));
        assertThat(FactMean.ofSets(List.of(first, List.of())).value()).isNull();
    }

    @Test
    void wordErrorsOfACorpusAreSummedBeforeTheyAreDividedAndFactsAreClusters() {
        WordErrorRate rate = WordErrorRate.of(List.of(heard("a", 1, 10), heard("b", 3, 2), heard("c", 0, 8)));

        assertThat(rate.percent()).isCloseTo(20, within(1e-9));
        assertThat(rate.utterances()).isEqualTo(3);
        // residuals of the ratio 0.2: -1, 2.6, -1.6
        assertThat(rate.standardError())
                .isCloseTo(100 * Math.sqrt((1 + 2.6 * 2.6 + 1.6 * 1.6) * 3 / 2) / 20, within(1e-9));
        // The residuals of a fact are summed: 1.6 and -1.6 of two facts.
        assertThat(WordErrorRate.of(List.of(heard("a", 1, 10), heard("a", 3, 2), heard("c", 0, 8)))
                        .standardError())
                .isCloseTo(100 * Math.sqrt(2 * 1.6 * 1.6 * 2) / 20, within(1e-9));
        assertThat(WordErrorRate.of(List.of())).isEqualTo(new WordErrorRate(null, null, 0, 0, 0));
    }

    private static WordErrorRate.Heard heard(String fact, int edits, int words) {
        return new WordErrorRate.Heard(fact, new WordErrors(edits, words));
    }

    private static FactMean.Value value(StudyQuestion question, double points) {
        return new FactMean.Value(question.fact(), points, 1);
    }

    private static List<StudyQuestion> set(String name, String... answers) {
        return PairedDifferenceTest.set(name, answers);
    }
}
