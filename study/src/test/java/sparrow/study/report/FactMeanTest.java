package sparrow.study.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sparrow.app.report.Mean;

/** Means over the positions of replies, with errors over facts. */
class FactMeanTest {
    private static FactMean.Value value(String fact, double sum, double count) {
        return new FactMean.Value(fact, sum, count);
    }

    private static Mean mean(FactMean.Value... values) {
        return FactMean.of(List.of(values));
    }

    @Test
    void hasTheUsualStandardErrorIfEachFactHasOneValue() {
        Mean mean = FactMean.of(
                Stream.of(1, 2, 3, 6).map(one -> value("fact " + one, one, 1)).toList());

        assertThat(mean.value()).isEqualTo(3);
        // The sample variance is (4 + 1 + 0 + 9) / 3.
        assertThat(mean.standardError()).isCloseTo(Math.sqrt(14.0 / 3 / 4), within(1e-12));
    }

    @Test
    void positionsOfAReplyAreNotIndependent() {
        // 10 positions of 0 and 10 of 1 have the error of two values.
        Mean mean = mean(value("a", 0, 10), value("b", 10, 10));

        assertThat(mean.value()).isEqualTo(0.5);
        assertThat(mean.standardError()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void repliesAreWeightedByTheirPositions() {
        Mean mean = mean(value("a", 3, 3), value("b", 0, 1), value("c", 0, 0));

        assertThat(mean.value()).isEqualTo(0.75);
        // The residuals are 3 - 2.25 and 0 - 0.75. The reply without positions is ignored.
        assertThat(mean.standardError()).isCloseTo(Math.sqrt(2 * 2 * 0.75 * 0.75) / 4, within(1e-12));
        assertThat(mean.count()).isEqualTo(2);
    }

    @Test
    void repliesAboutAFactAreNotIndependent() {
        Mean mean = mean(value("a", 1, 1), value("a", 1, 1), value("b", 0, 1), value("b", 0, 1));

        assertThat(mean)
                .isEqualTo(
                        new Mean(0.5, mean(value("a", 1, 1), value("b", 0, 1)).standardError(), 4));
    }

    @Test
    void aSingleFactHasNoStandardError() {
        assertThat(mean(value("a", 2, 4))).isEqualTo(new Mean(0.5, null, 1));
        assertThat(mean(value("a", 0, 0))).isEqualTo(new Mean(null, null, 0));
    }
}
