package sparrow.study.report;

import java.util.Locale;

/** One cell of a table: a value, and how exactly a person wants to read it. */
public sealed interface Cell {
    /** Words. */
    record Text(String text) implements Cell {}

    /** @param decimals that a person is shown */
    record Number(double value, int decimals) implements Cell {}

    /**
     * What a sample tells of a larger number of cases.
     *
     * @param error its standard error
     * @param decimals that a person is shown
     */
    record Estimate(double value, double error, int decimals) implements Cell {}

    /** A WAV file to be listened to; only a page can play it. */
    record Sound(byte[] wav) implements Cell {}

    /** Nothing to say. */
    record Nothing() implements Cell {}

    /** Words. */
    static Cell text(String text) {
        return new Text(text);
    }

    /** A number; nothing where it is NaN. */
    static Cell number(double value, int decimals) {
        return Double.isNaN(value) ? new Nothing() : new Number(value, decimals);
    }

    /** An estimate; nothing where it is NaN, a number where its error is. */
    static Cell estimate(double value, double error, int decimals) {
        return Double.isNaN(value) || Double.isNaN(error)
                ? number(value, decimals)
                : new Estimate(value, error, decimals);
    }

    /** As a person reads it. */
    default String shown() {
        return switch (this) {
            case Text(String text) -> text;
            case Number(double value, int decimals) -> rounded(value, decimals);
            case Estimate(double value, double error, int decimals) ->
                rounded(value, decimals) + " ± " + rounded(error, decimals);
            case Sound sound -> "";
            case Nothing() -> "";
        };
    }

    private static String rounded(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
