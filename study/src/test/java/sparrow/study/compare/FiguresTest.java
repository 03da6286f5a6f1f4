package sparrow.study.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.app.report.Mean;
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
    void everySetCountsTheSameInTheMeanOfSets() {
        Mean mean = Mean.ofMeans(List.of(new Mean(80.0, 3.0, 1000), new Mean(40.0, 4.0, 10)));

        assertThat(mean).isEqualTo(new Mean(60.0, 2.5, 1010));
        assertThat(Mean.ofMeans(List.of(new Mean(80.0, 3.0, 1000), Mean.of(List.of())))
                        .value())
                .isNull();
    }

    @Test
    void wordErrorsOfACorpusAreSummedBeforeTheyAreDivided() {
        WordErrorRate rate =
                WordErrorRate.of(List.of(new WordErrors(1, 10), new WordErrors(3, 2), new WordErrors(0, 8)));

        assertThat(rate.percent()).isCloseTo(20, within(1e-9));
        assertThat(rate.utterances()).isEqualTo(3);
        // residuals of the ratio 0.2: -1, 2.6, -1.6
        assertThat(rate.standardError())
                .isCloseTo(100 * Math.sqrt((1 + 2.6 * 2.6 + 1.6 * 1.6) * 3 / 2) / 20, within(1e-9));
        assertThat(WordErrorRate.of(List.of())).isEqualTo(new WordErrorRate(null, null, 0, 0, 0));
    }
}
