package sparrow.study.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static sparrow.study.paper.Claim.Verdict.DOES_NOT_HOLD;
import static sparrow.study.paper.Claim.Verdict.HOLDS;
import static sparrow.study.paper.Claim.Verdict.INCONCLUSIVE;
import static sparrow.study.paper.Claim.Verdict.REPORTED;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.app.report.Mean;
import sparrow.study.paper.Claim.Bound.AtMost;
import sparrow.study.paper.Claim.Bound.MoreThan;
import sparrow.study.paper.Claim.Finding;
import sparrow.study.paper.Claim.Verdict;
import sparrow.study.paper.Evidence.Average;
import sparrow.study.paper.Evidence.Loss;
import sparrow.study.paper.Evidence.Share;

/** Verdicts by exact intervals of counts, and by Student's of means. */
class ClaimTest {
    private static Verdict atMostOne(Evidence evidence) {
        return new AtMost(1).verdict(evidence.interval());
    }

    /** Values of an independent computation with exact binomial coefficients. */
    @ParameterizedTest
    @CsvSource({"0, 120, 0, 3.0273", "1, 120, 0.0211, 4.5556", "110, 120, 85.2085, 95.9314", "120, 120, 96.9727, 100"})
    void aShareHasTheIntervalOfClopperAndPearson(int count, int facts, double low, double high) {
        Evidence.Interval interval = new Share(count, facts).interval();

        assertThat(interval.low()).isCloseTo(low, within(1e-3));
        assertThat(interval.high()).isCloseTo(high, within(1e-3));
    }

    @Test
    void lessEvidenceOfLossNeverMakesAVerdictWorse() {
        for (int facts : List.of(20, 120, 292, 585, 5000)) {
            for (int gained = 0; gained < 5; gained++) {
                for (int lost = 1; lost < 15; lost++) {
                    double high = new Loss(lost, gained, facts).interval().high();
                    assertThat(new Loss(lost - 1, gained, facts).interval().high())
                            .isLessThan(high);
                    assertThat(new Loss(lost, gained + 1, facts).interval().high())
                            .isLessThanOrEqualTo(high);
                    assertThat(ofLosses(lost - 1, facts).interval().high())
                            .isLessThan(ofLosses(lost, facts).interval().high());
                }
            }
        }
    }

    /** The mean of losses of 100 points, with the error of its variance. */
    private static Average ofLosses(int lost, int facts) {
        double share = (double) lost / facts;
        return new Average(100 * share, 100 * Math.sqrt(share * (1 - share) / (facts - 1)), facts, -100, 100);
    }

    @Test
    void fewEventsAreNoProofAndNoVerdictRestsOnOneFact() {
        assertThat(atMostOne(new Loss(0, 0, 120))).isEqualTo(INCONCLUSIVE);
        assertThat(atMostOne(new Loss(1, 0, 300))).isEqualTo(INCONCLUSIVE);
        assertThat(atMostOne(ofLosses(1, 300))).isEqualTo(INCONCLUSIVE);
        assertThat(atMostOne(new Loss(0, 0, 585))).isEqualTo(HOLDS);
        assertThat(atMostOne(new Loss(40, 0, 585))).isEqualTo(DOES_NOT_HOLD);
        // One fact has more than the margin: a gain of 0.83 ± 0.83 of 120.
        assertThat(new MoreThan(0).verdict(new Loss(1, 0, 120).interval())).isEqualTo(INCONCLUSIVE);
        assertThat(new MoreThan(0).verdict(new Average(2, 0.5, 3, -100, 100).interval()))
                .isEqualTo(INCONCLUSIVE);
    }

    @Test
    void aMeanWithManyFactsHasStudentsInterval() {
        Evidence.Interval interval = new Average(2, 0.5, 100_000, 0, 10).interval();

        assertThat(interval.low()).isCloseTo(2 - 1.96 * 0.5, within(1e-3));
        assertThat(interval.high()).isCloseTo(2 + 1.96 * 0.5, within(1e-3));
    }

    @Test
    void anOpenClaimSaysHowManyFactsWouldDecideIt() {
        Claim open = claim(new Finding("even:12", "points lost", new Loss(0, 0, 120), new AtMost(1)));

        assertThat(open.verdictInWords()).matches("inconclusive: 120 facts, about 4[34]\\d needed");
        int needed = open.findings().getFirst().factsNeeded().orElseThrow();
        assertThat(atMostOne(new Loss(0, 0, needed))).isEqualTo(HOLDS);
        assertThat(atMostOne(new Loss(0, 0, (int) (0.97 * needed)))).isEqualTo(INCONCLUSIVE);
        assertThat(claim(new Finding("even:12", "MOS", new Average(1, 0.5, 120, -3, 3), new AtMost(1)))
                        .verdictInWords())
                .isEqualTo("inconclusive: 120 facts, more than a million needed");
    }

    @Test
    void aClaimWithoutFindingsIsInconclusive() {
        assertThat(claim().verdictInWords()).isEqualTo("inconclusive: not measured");
    }

    @Test
    void aValueThatRoundsToZeroHasNoSign() {
        assertThat(Claim.shown(new Mean(-0.04, null, 1), 1)).isEqualTo("0.0");
        assertThat(Claim.shown(new Mean(-0.06, null, 1), 1)).isEqualTo("-0.1");
    }

    @Test
    void aClaimHoldsIfAllItsBoundsHold() {
        Finding holds = new Finding("a", "m", new Loss(0, 0, 5000), new AtMost(1));
        Finding open = new Finding("b", "m", null, new AtMost(1));
        Finding doesNot = new Finding("c", "m", new Loss(0, 0, 5000), new MoreThan(1));
        Finding beside = new Finding("d", "m", new Loss(9, 0, 10), new Claim.Bound.None());

        assertThat(claim(holds, beside).verdict()).isEqualTo(HOLDS);
        assertThat(claim(holds, open).verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(claim(holds, open).verdictInWords()).isEqualTo("inconclusive: not measured");
        assertThat(claim(open, doesNot).verdict()).isEqualTo(DOES_NOT_HOLD);
        assertThat(claim(beside).verdict()).isEqualTo(REPORTED);
    }

    private static Claim claim(Finding... findings) {
        return new Claim("5.3", "the paper's words", "rule", List.of(findings));
    }
}
