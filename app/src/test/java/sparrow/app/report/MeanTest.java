package sparrow.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Means over positions that come in replies. */
class MeanTest {
    @Test
    void hasTheUsualStandardErrorWhereEveryReplyHasOneValue() {
        Mean mean = Mean.overReplies(new double[] {1, 2, 3, 6}, new int[] {1, 1, 1, 1});

        assertThat(mean.value()).isEqualTo(3);
        // Sample variance (4 + 1 + 0 + 9) / 3, over 4 values.
        assertThat(mean.standardError()).isCloseTo(Math.sqrt(14.0 / 3 / 4), within(1e-12));
    }

    @Test
    void countsRepliesNotPositionsWhereThePositionsOfAReplyAreAllAlike() {
        // 10 positions of 0, 10 of 1: as sure as two values, not as twenty.
        Mean mean = Mean.overReplies(new double[] {0, 10}, new int[] {10, 10});

        assertThat(mean.value()).isEqualTo(0.5);
        assertThat(mean.standardError()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void weighsRepliesByTheirPositions() {
        Mean mean = Mean.overReplies(new double[] {3, 0, 0}, new int[] {3, 1, 0});

        assertThat(mean.value()).isEqualTo(0.75);
        // Off by 3 - 2.25 and 0 - 0.75; the reply without positions does not count.
        assertThat(mean.standardError()).isCloseTo(Math.sqrt(2 * 2 * 0.75 * 0.75) / 4, within(1e-12));
    }

    @Test
    void ofOneReplyHasNoStandardError() {
        assertThat(Mean.overReplies(new double[] {2}, new int[] {4})).isEqualTo(new Mean(0.5, null, 1));
    }
}
