package sparrow.study.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Logits;

/** A layer beside the last one at one position, checked against figures worked out by hand. */
class ReadingTest {
    /** Probabilities become f32 on the way. */
    private static final double TOLERANCE = 1e-6;

    private static Logits logits(double... probabilities) {
        float[] values = new float[probabilities.length];
        // A shift, which a softmax does not see.
        for (int i = 0; i < values.length; i++) values[i] = (float) (Math.log(probabilities[i]) + 3);
        return Logits.of(values, null);
    }

    @Test
    void isComparedOverAllTokens() {
        Logits last = logits(0.5, 0.25, 0.25);
        Logits layer = logits(0.25, 0.5, 0.25);

        Reading reading = Reading.of(layer, last, 3);

        assertThat(reading.choice()).isEqualTo(new Unit.Token(1));
        // Token 0 and token 2 are equally likely, and the lower id comes first.
        assertThat(reading.rank()).isEqualTo(1);
        assertThat(reading.entropy()).isCloseTo((float) (1.5 * Math.log(2)), within((float) TOLERANCE));
        // 1/2 ln 2 + 1/4 ln 1/2 + 0
        assertThat(reading.divergence()).isCloseTo((float) (0.25 * Math.log(2)), within((float) TOLERANCE));
    }

    @Test
    void agreesWithItself() {
        Logits last = logits(0.1, 0.2, 0.7);

        Reading reading = Reading.of(last, last, 3);

        assertThat(reading.choice()).isEqualTo(new Unit.Token(2));
        assertThat(reading.rank()).isZero();
        assertThat(reading.divergence()).isZero();
    }

    @Test
    void neverChoosesPadding() {
        Logits last = logits(0.2, 0.1, 0.7);
        Logits layer = logits(0.1, 0.2, 0.7);

        Reading reading = Reading.of(layer, last, 2);

        assertThat(reading.choice()).isEqualTo(new Unit.Token(1));
        assertThat(reading.rank()).isEqualTo(1);
    }

    @Test
    void ofAHeadOfSomeTokensIsComparedOverThose() {
        Logits last = logits(0.1, 0.3, 0.2, 0.4);
        Logits layer = Logits.of(new float[] {0, 0}, new int[] {2, 1});

        Reading reading = Reading.of(layer, last, 4);

        assertThat(reading.choice()).isEqualTo(new Unit.Token(1)); // a tie of tokens 2 and 1
        assertThat(reading.rank()).isEqualTo(Reading.UNKNOWN);
        // p_L of tokens 2 and 1 alone is 0.4 and 0.6.
        double expected = 0.4 * Math.log(0.4 / 0.5) + 0.6 * Math.log(0.6 / 0.5);
        assertThat(reading.divergence()).isCloseTo((float) expected, within((float) TOLERANCE));
    }

    @Test
    void isFiniteWhereATokenIsImpossible() {
        Logits last = Logits.of(new float[] {0, Float.NEGATIVE_INFINITY}, null);
        Logits layer = Logits.of(new float[] {2, -200}, null);

        Reading reading = Reading.of(layer, last, 2);

        assertThat(reading.divergence()).isZero();
    }
}
