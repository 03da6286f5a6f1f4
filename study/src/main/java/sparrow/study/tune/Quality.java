package sparrow.study.tune;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Measures of the quality of replies. */
public enum Quality {
    /** Word error rate of what a recogniser hears against the reply's own text, percent. */
    WER(
            "ASR-WER %",
            1, Sense.LOWER, "Word errors of what was heard of the speech, by the words of the reply's own text."),

    /** Predicted opinion score of the speech, 1 to 5. */
    MOS("MOS", 2, Sense.HIGHER, "Predicted opinion score of the speech."),

    /** Score of the reply's text by the judge, 0 to 100. */
    ACCURACY("text accuracy %", 1, Sense.HIGHER, "Points of the replies' text by the judge, the mean over sets."),

    /** Share of positions whose choice is that of full depth, along the full-depth replies, percent. */
    AGREEMENT(
            "agreement %",
            1,
            Sense.HIGHER,
            "Share of speech positions, and of text positions where text exits, whose choice is that of full depth,"
                    + " along the full-depth replies.");

    /** Which way is better. */
    private enum Sense {
        LOWER,
        HIGHER
    }

    private final String title;
    private final int decimals;
    private final Sense sense;
    private final String meaning;

    Quality(String title, int decimals, Sense sense, String meaning) {
        this.title = title;
        this.decimals = decimals;
        this.sense = sense;
        this.meaning = meaning;
    }

    /** Its name in a table, with its unit. */
    String title() {
        return title;
    }

    /** Its meaning, in a sentence. */
    String meaning() {
        return meaning;
    }

    /** Digits after the point that a table shows. */
    int decimals() {
        return decimals;
    }

    /** The gain of {@code value} over {@code other}, in its unit; negative if it is worse. */
    double gain(double value, double other) {
        return switch (sense) {
            case LOWER -> other - value;
            case HIGHER -> value - other;
        };
    }

    /** The name of the quality in a budget. */
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
