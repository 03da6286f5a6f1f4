package sparrow.speech;

import org.assertj.core.api.AbstractAssert;

/** Assertions on arrays of f32: names the worst element. */
public final class Closeness extends AbstractAssert<Closeness, float[]> {
    private Closeness(float[] actual) {
        super(actual, Closeness.class);
    }

    public static Closeness assertThatValues(float[] actual) {
        return new Closeness(actual);
    }

    public Closeness areWithin(double tolerance, float[] expected) {
        isNotNull();
        if (actual.length != expected.length) {
            failWithMessage("%s: expected %d values, got %d", descriptionText(), expected.length, actual.length);
        }
        int worst = 0;
        for (int i = 0; i < expected.length; i++) {
            if (!(distance(i, expected) <= distance(worst, expected))) worst = i;
        }
        if (expected.length > 0 && !(distance(worst, expected) <= tolerance)) {
            failWithMessage(
                    "%s: worst of %d values at %d: expected %s, got %s",
                    descriptionText(), expected.length, worst, expected[worst], actual[worst]);
        }
        return this;
    }

    public Closeness areWithDecibels(double least, float[] expected) {
        isNotNull();
        if (actual.length != expected.length) {
            failWithMessage("%s: expected %d values, got %d", descriptionText(), expected.length, actual.length);
        }
        double ratio = Goldens.signalToError(actual, expected);
        if (!(ratio >= least)) {
            failWithMessage("%s: expected a signal-to-error ratio of %s dB, got %s", descriptionText(), least, ratio);
        }
        return this;
    }

    private double distance(int i, float[] expected) {
        return Math.abs((double) actual[i] - expected[i]);
    }
}
