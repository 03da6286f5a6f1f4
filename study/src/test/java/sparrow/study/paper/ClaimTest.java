package sparrow.study.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.study.paper.Claim.Verdict.CANNOT_BE_DECIDED;
import static sparrow.study.paper.Claim.Verdict.DOES_NOT_HOLD;
import static sparrow.study.paper.Claim.Verdict.HOLDS;

import org.junit.jupiter.api.Test;
import sparrow.app.report.Mean;
import sparrow.study.paper.Claim.Verdict;

/** Verdicts by two standard errors. */
class ClaimTest {
    private static Verdict atMost(double loss, double error) {
        return Verdict.atMost(new Mean(loss, error, 480), 1, 100);
    }

    private static Verdict gain(double gain, double error) {
        return Verdict.gain(new Mean(gain, error, 480), 1, 100);
    }

    @Test
    void aLossIsSmallWhereTwoErrorsMoreAreWithinTheMargin() {
        assertThat(atMost(0.4, 0.3)).isEqualTo(HOLDS);
        assertThat(atMost(0.5, 0.3)).isEqualTo(CANNOT_BE_DECIDED);
        assertThat(atMost(1.5, 0.3)).isEqualTo(CANNOT_BE_DECIDED);
        assertThat(atMost(1.7, 0.3)).isEqualTo(DOES_NOT_HOLD);
    }

    @Test
    void aGainIsThereAboveTwoErrorsAndIsNotWhereTheMarginIsExcluded() {
        assertThat(gain(0.7, 0.3)).isEqualTo(HOLDS);
        assertThat(gain(0.5, 0.3)).isEqualTo(CANNOT_BE_DECIDED);
        assertThat(gain(0.3, 0.3)).isEqualTo(DOES_NOT_HOLD);
        assertThat(gain(-5, 1)).isEqualTo(DOES_NOT_HOLD);
    }

    @Test
    void noDifferenceInAFewQuestionsIsNoProof() {
        // Three of n replies could differ unseen: 15 points of 20 questions, 0.625 of 480.
        assertThat(Verdict.atMost(new Mean(0.0, 0.0, 20), 1, 100)).isEqualTo(CANNOT_BE_DECIDED);
        assertThat(Verdict.atMost(new Mean(0.0, 0.0, 480), 1, 100)).isEqualTo(HOLDS);
    }

    @Test
    void aFigureThatIsNotThereDecidesNothing() {
        assertThat(Verdict.atMost(null, 1, 100)).isEqualTo(CANNOT_BE_DECIDED);
        assertThat(Verdict.gain(new Mean(5.0, null, 1), 1, 100)).isEqualTo(CANNOT_BE_DECIDED);
        assertThat(HOLDS.and(CANNOT_BE_DECIDED)).isEqualTo(CANNOT_BE_DECIDED);
        assertThat(CANNOT_BE_DECIDED.and(DOES_NOT_HOLD)).isEqualTo(DOES_NOT_HOLD);
    }
}
