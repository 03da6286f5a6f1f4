package sparrow.speech.spectrum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FourierTransformTest {
    @ParameterizedTest(name = "{0} values")
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 9, 30, 60, 97, 512, 1920})
    void agreesWithTheDefinition(int size) {
        SplittableRandom random = new SplittableRandom(size);
        double[] signal = random.doubles(size, -1, 1).toArray();
        double[] power = new double[size / 2 + 1];

        new FourierTransform(size).power(signal, power);

        for (int k = 0; k < power.length; k++) {
            // Magnitudes of about sqrt(size), computed by the definition with errors of size * 2^-53.
            assertThat(Math.sqrt(power[k])).as("frequency %d", k).isCloseTo(magnitude(signal, k), within(1e-11));
        }
    }

    private static double magnitude(double[] signal, int k) {
        double re = 0;
        double im = 0;
        for (int i = 0; i < signal.length; i++) {
            double angle = 2 * Math.PI * ((long) k * i % signal.length) / signal.length;
            re += signal[i] * Math.cos(angle);
            im -= signal[i] * Math.sin(angle);
        }
        return Math.hypot(re, im);
    }
}
