package sparrow.engine.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogitsTest {
    private static final float MASKED = Float.NEGATIVE_INFINITY;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 512, 168_960})
    void entropyOfEqualScoresIsTheLogarithmOfTheirNumber(int n) {
        for (float score : new float[] {0, 3.4e38f, -3.4e38f, 17.5f}) {
            float[] scores = new float[n];
            Arrays.fill(scores, score);

            assertThat(entropy(scores)).isCloseTo(Math.log(n), offset(1e-9));
        }
    }

    @Test
    void entropyOfOneCertainTokenIsZero() {
        assertThat(entropy(MASKED, 2, MASKED)).isZero();
        assertThat(entropy(-1e30f, 1e30f, 0)).isZero();
        assertThat(entropy(5)).isZero();
    }

    @Test
    void maskedTokensAddNothing() {
        assertThat(entropy(1, MASKED, 1, MASKED, 1)).isCloseTo(Math.log(3), offset(1e-12));
        assertThat(entropy(1, 2, 3, MASKED)).isEqualTo(entropy(1, 2, 3));
    }

    @Test
    void entropyOfKnownProbabilities() {
        // ln of 1/2, 1/4, 1/8, 1/8: 7/4 bits.
        float ln2 = (float) Math.log(2);

        assertThat(entropy(3 * ln2, 2 * ln2, ln2, ln2)).isCloseTo(1.75 * Math.log(2), offset(1e-6));
    }

    @Test
    void entropyDependsOnDifferencesOnly() {
        SplittableRandom random = new SplittableRandom(1);
        float[] scores = new float[300];
        // Multiples of 1/256 stay exact when 512 is added.
        for (int i = 0; i < scores.length; i++) scores[i] = random.nextInt(-2560, 2560) / 256f;
        float[] shifted = scores.clone();
        for (int i = 0; i < shifted.length; i++) shifted[i] += 512;

        assertThat(entropy(shifted)).isCloseTo(entropy(scores), offset(1e-9));
    }

    @Test
    void choosesTheLargestScoreTheLowestIdOnTiesAndNoPadding() {
        assertThat(Logits.of(new float[] {1, 3, 3, 9}, null).best(3)).isEqualTo(1);
        assertThat(Logits.of(new float[] {1, 3, 3, 9}, new int[] {4, 6, 5, 7}).best(7))
                .isEqualTo(5);
        assertThatThrownBy(() -> Logits.of(new float[1], new int[] {9}).best(9))
                .hasMessage("logits: expected a token below 9, found none");
    }

    @Test
    void ranksATokenBehindThoseThatWouldBeChosenRather() {
        Logits logits = Logits.of(new float[] {2, 3, 3, 9}, null);

        assertThat(logits.rank(1, 3)).hasValue(0);
        assertThat(logits.rank(2, 3)).hasValue(1);
        assertThat(logits.rank(0, 4)).hasValue(3);
        assertThat(Logits.of(new float[] {1, 2}, new int[] {8, 4}).rank(8, 9)).hasValue(1);
        assertThat(Logits.of(new float[] {1, 2}, new int[] {8, 4}).rank(0, 9)).isEmpty();
    }

    @Test
    void logSumExpIsFiniteWhereTheSumIsNot() {
        assertThat(Logits.of(new float[] {0, 0, MASKED}, null).logSumExp()).isEqualTo(Math.log(2));
        assertThat(Logits.of(new float[] {3e4f, 3e4f}, null).logSumExp()).isEqualTo(3e4 + Math.log(2));
    }

    @Test
    void divergesFromADistributionByTheTokensThatItKnows() {
        Logits target = logs(0.1, 0.3, 0.2, 0.4);

        assertThat(target.divergenceFrom(target)).isZero();
        assertThat(logs(0.25, 0.5, 0.25).divergenceFrom(logs(0.5, 0.25, 0.25)))
                .isCloseTo(0.25 * Math.log(2), offset(1e-6));
        // Of tokens 2 and 1 alone the target has 0.4 and 0.6.
        assertThat(Logits.of(new float[2], new int[] {2, 1}).divergenceFrom(target))
                .isCloseTo(0.4 * Math.log(0.8) + 0.6 * Math.log(1.2), offset(1e-6));
        assertThat(Logits.of(new float[] {2, -200}, null).divergenceFrom(Logits.of(new float[] {0, MASKED}, null)))
                .isZero();
    }

    private static Logits logs(double... probabilities) {
        float[] values = new float[probabilities.length];
        // A shift, which a softmax does not see.
        for (int i = 0; i < values.length; i++) values[i] = (float) (Math.log(probabilities[i]) + 3);
        return Logits.of(values, null);
    }

    @Test
    void rowsAreTokensUnlessTheHeadSaysOtherwise() {
        assertThat(Logits.of(new float[3], null).token(2)).isEqualTo(2);
        assertThat(Logits.of(new float[3], new int[] {7, 5, 9}).token(1)).isEqualTo(5);
        assertThatThrownBy(() -> Logits.of(new float[3], new int[2])).hasMessage("logits: 3 values for 2 token ids");
    }

    private static double entropy(float... scores) {
        return Logits.of(scores, null).entropy();
    }
}
