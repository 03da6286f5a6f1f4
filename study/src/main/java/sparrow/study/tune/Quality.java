package sparrow.study.tune;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Quality measures of replies. */
public enum Quality {
    /** Word error rate of the transcript relative to the reply's own text, in percent. */
    WER("ASR-WER %", 1, "Word error rate of the transcript relative to the reply's own text."),

    /** Predicted opinion score of the speech, 1 to 5. */
    MOS("MOS", 2, "Predicted opinion score of the speech."),

    /** The judge's score for the reply's text, 0 to 100. */
    ACCURACY("text accuracy %", 1, "The judge's points for the replies' text, averaged over sets."),

    /** Percentage of positions at which the choice equals full depth's, along the full-depth replies. */
    AGREEMENT(
            "agreement %",
            1,
            "Percentage of speech positions, and of text positions if text exits, whose choice equals full depth's,"
                    + " along the full-depth replies.");

    private final String title;
    private final int decimals;
    private final String meaning;

    Quality(String title, int decimals, String meaning) {
        this.title = title;
        this.decimals = decimals;
        this.meaning = meaning;
    }

    /** Returns the name for tables, with the unit. */
    String title() {
        return title;
    }

    /** Returns a one-sentence explanation of the quality. */
    String meaning() {
        return meaning;
    }

    /** Returns the number of decimals in tables. */
    int decimals() {
        return decimals;
    }

    /**
     * Returns the gain of {@code value} relative to {@code other} in the quality's unit, negative if {@code value} is
     * worse.
     */
    double gain(double value, double other) {
        return switch (this) {
            case WER -> other - value;
            case MOS, ACCURACY, AGREEMENT -> value - other;
        };
    }

    /** Returns the name used in budgets. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Quality parse(String name) {
        return Arrays.stream(values())
                .filter(quality -> quality.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--budget: expected one of "
                        + Arrays.stream(values()).map(Quality::toString).collect(Collectors.joining(", ")) + "; got \""
                        + name + "\""));
    }
}
