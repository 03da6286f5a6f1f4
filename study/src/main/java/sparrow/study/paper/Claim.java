package sparrow.study.paper;

import java.util.Locale;
import sparrow.app.report.Mean;

/**
 * A claim of the paper, and its verdict for a model.
 *
 * @param section section of the paper
 * @param paper the claim, with the paper's values
 * @param rule rule that determines the verdict
 * @param here values of this model
 */
record Claim(String section, String paper, String rule, String here, Verdict verdict) {
    /** The verdict on a claim, based on two standard errors of a paired difference. */
    enum Verdict {
        HOLDS("holds"),
        DOES_NOT_HOLD("does not hold"),
        CANNOT_BE_DECIDED("cannot be decided here");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }

        /**
         * Returns the verdict on the claim that a loss is at most a margin.
         *
         * @param range range of the values, such as 100 for percent
         */
        static Verdict atMost(Mean loss, double margin, double range) {
            if (loss == null || loss.value() == null || loss.standardError() == null) return CANNOT_BE_DECIDED;
            double errors = twoErrors(loss, range);
            if (loss.value() + errors <= margin) return HOLDS;
            return loss.value() - errors > margin ? DOES_NOT_HOLD : CANNOT_BE_DECIDED;
        }

        /**
         * Returns the verdict on the claim that a gain is positive. The claim does not hold if a gain above the margin
         * is excluded.
         *
         * @param range range of the values, such as 100 for percent
         */
        static Verdict gain(Mean gain, double margin, double range) {
            if (gain == null || gain.value() == null || gain.standardError() == null) return CANNOT_BE_DECIDED;
            double errors = twoErrors(gain, range);
            if (gain.value() - errors > 0) return HOLDS;
            return gain.value() + errors <= margin ? DOES_NOT_HOLD : CANNOT_BE_DECIDED;
        }

        /**
         * Returns twice the standard error. If no reply differs, up to 3 of n replies might differ undetected (95 %
         * confidence).
         */
        private static double twoErrors(Mean mean, double range) {
            return mean.standardError() > 0 ? 2 * mean.standardError() : 3 * range / Math.max(1, mean.count());
        }

        /** Returns the verdict on both claims together. */
        Verdict and(Verdict other) {
            if (this == DOES_NOT_HOLD || other == DOES_NOT_HOLD) return DOES_NOT_HOLD;
            return this == HOLDS ? other : this;
        }
    }

    /** Returns text such as {@code 1.2 ± 0.3}, or a dash if there is no value. */
    static String shown(Mean mean, int decimals) {
        if (mean == null || mean.value() == null) return "–";
        String value = String.format(Locale.ROOT, "%." + decimals + "f", mean.value());
        return mean.standardError() == null
                ? value
                : value + " ± " + String.format(Locale.ROOT, "%." + decimals + "f", mean.standardError());
    }
}
