package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorFunctionTest {
    /** Published values of the error function to 16 digits. */
    @ParameterizedTest
    @CsvSource({
        "1e-300, 1.1283791670955126e-300",
        "1e-10, 1.1283791670955126e-10",
        "0.1, 0.1124629160182849",
        "0.5, 0.5204998778130465",
        "1, 0.8427007929497149",
        "1.5, 0.9661051464753108",
        "2, 0.9953222650189527",
        "2.4, 0.9993114861033550",
        "2.499999, 0.9995930458042653",
        "2.5, 0.9995930479825550",
        "3, 0.9999779095030014",
        "4, 0.9999999845827421",
        "5.9, 1",
        "6.1, 1"
    })
    void erfOfKnownPoints(double x, double expected) {
        // The alternating series near 2.5 has terms of up to 16 and loses as many units in the last place of 1.
        assertThat(Activation.erf(x)).isCloseTo(expected, offset(8e-15 * expected));
        assertThat(Activation.erf(-x)).isEqualTo(-Activation.erf(x));
    }

    @Test
    void erfIsRelativelyExactNearZero() {
        for (double x = 1e-3; x > 1e-300; x /= 10) {
            // erf(x) = 2/sqrt(pi) (x - x^3/3 + x^5/10 - ...)
            double expected = 2 / Math.sqrt(Math.PI) * (x - x * x * x / 3 + Math.pow(x, 5) / 10);

            assertThat(Activation.erf(x)).isCloseTo(expected, offset(1e-15 * expected));
        }
    }

    @Test
    void erfNeverFallsAndHasNoStepWhereTheMethodsMeet() {
        double before = -1;
        for (int i = -7_000; i <= 7_000; i++) {
            double value = Activation.erf(i / 1000.0);

            // Steps of 0.001 rise by at most 0.00113; the methods' own noise is below 1e-14.
            assertThat(value - before).isBetween(-1e-14, 0.00113);
            before = value;
        }
    }

    @Test
    void erfOfTheExtremes() {
        assertThat(Activation.erf(Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(Activation.erf(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
        assertThat(Activation.erf(0)).isZero();
        assertThat(Activation.erf(Double.NaN)).isNaN();
    }
}
