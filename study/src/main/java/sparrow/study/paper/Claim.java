package sparrow.study.paper;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import sparrow.app.report.Mean;

/**
 * A claim of the paper, and its verdict for a model.
 *
 * @param section section of the paper
 * @param paper the paper's words, shortened with "…"
 * @param rule rule that determines the verdict from the findings that have a bound
 * @param findings measured values
 * @param figure figure of the claim on the page
 */
record Claim(String section, String paper, String rule, List<Finding> findings, Figure figure) {
    /** A figure that shows more than a claim's intervals. */
    enum Figure {
        MOS_OF_LAYERS,
        WER_OF_LAYERS,
        THRESHOLDS,
        EXIT_LAYERS,
        NONE
    }

    /** Creates a claim whose intervals are its figure. */
    Claim(String section, String paper, String rule, List<Finding> findings) {
        this(section, paper, rule, findings, Figure.NONE);
    }

    Claim with(Figure other) {
        return new Claim(section, paper, rule, findings, other);
    }

    /** The verdict on a claim. */
    enum Verdict {
        HOLDS("holds"),
        DOES_NOT_HOLD("does not hold"),
        INCONCLUSIVE("inconclusive"),

        /** The claim is an identity or a count, and has no bound. */
        REPORTED("reported");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }

        /** Returns the verdict on two bounds together. */
        Verdict and(Verdict other) {
            if (this == REPORTED || other == REPORTED) return this == REPORTED ? other : this;
            if (this == DOES_NOT_HOLD || other == DOES_NOT_HOLD) return DOES_NOT_HOLD;
            return this == HOLDS ? other : this;
        }
    }

    /** The bound that a claim sets for a value. */
    sealed interface Bound {
        /** The value is at most the margin. */
        record AtMost(double margin) implements Bound {}

        /** The value is greater than the margin. */
        record MoreThan(double margin) implements Bound {}

        /** The value stands beside values with a bound. */
        record None() implements Bound {}

        default Verdict verdict(Evidence.Interval interval) {
            return switch (this) {
                case AtMost(double margin) -> decided(interval.high() <= margin, interval.low() > margin);
                case MoreThan(double margin) -> decided(interval.low() > margin, interval.high() <= margin);
                case None() -> Verdict.REPORTED;
            };
        }

        private static Verdict decided(boolean holds, boolean doesNot) {
            if (holds) return Verdict.HOLDS;
            return doesNot ? Verdict.DOES_NOT_HOLD : Verdict.INCONCLUSIVE;
        }
    }

    /**
     * A measured value.
     *
     * @param of policy or layer, and what it is compared with
     * @param metric name of the value with its unit
     * @param evidence the measurement, or null if nothing was measured
     */
    record Finding(String of, String metric, Evidence evidence, Bound bound) {
        private static final int MAX_FACTS = 1_000_000;

        Verdict verdict() {
            if (evidence == null) return bound instanceof Bound.None ? Verdict.REPORTED : Verdict.INCONCLUSIVE;
            return bound.verdict(evidence.interval());
        }

        /** Returns the number of facts that would decide the bound at the same rates, or empty above a million. */
        OptionalInt factsNeeded() {
            if (evidence == null) return OptionalInt.empty();
            int low = evidence.facts();
            int high = low;
            while (open(high)) {
                if (high > MAX_FACTS) return OptionalInt.empty();
                low = high;
                high *= 2;
            }
            while (high - low > Math.max(1, high / 100)) {
                int middle = (low + high) / 2;
                if (open(middle)) low = middle;
                else high = middle;
            }
            return OptionalInt.of(high);
        }

        private boolean open(int facts) {
            return bound.verdict(evidence.with(facts).interval()) == Verdict.INCONCLUSIVE;
        }

        @Override
        public String toString() {
            if (evidence == null) return of + ": " + metric + " not measured";
            int decimals = metric.contains("MOS") ? 3 : 1;
            Evidence.Interval interval = evidence.interval();
            return of + ": " + metric + " " + number(evidence.value(), decimals) + " ("
                    + number(interval.low(), decimals) + " to " + number(interval.high(), decimals) + ")";
        }
    }

    /**
     * Returns the verdict on all bounds together, or {@link Verdict#REPORTED} if no finding has one. A claim without
     * findings is inconclusive.
     */
    Verdict verdict() {
        if (findings.isEmpty()) return Verdict.INCONCLUSIVE;
        return findings.stream().map(Finding::verdict).reduce(Verdict.REPORTED, Verdict::and);
    }

    /** Returns the verdict, and for an open claim how many facts were observed and about how many it needs. */
    String verdictInWords() {
        if (verdict() != Verdict.INCONCLUSIVE) return verdict().toString();
        List<Finding> open = findings.stream()
                .filter(finding -> finding.verdict() == Verdict.INCONCLUSIVE)
                .toList();
        if (open.isEmpty() || open.stream().anyMatch(finding -> finding.evidence() == null)) {
            return "inconclusive: not measured";
        }
        int facts = open.stream()
                .mapToInt(finding -> finding.evidence().facts())
                .min()
                .orElseThrow();
        if (open.stream().anyMatch(finding -> finding.factsNeeded().isEmpty()))
            return "inconclusive: " + facts + " facts, more than a million needed";
        int needed = open.stream()
                .mapToInt(finding -> finding.factsNeeded().getAsInt())
                .max()
                .orElseThrow();
        return "inconclusive: " + facts + " facts, about " + needed + " needed";
    }

    String here() {
        return findings.stream().map(Finding::toString).collect(Collectors.joining("; "));
    }

    private static String number(double value, int decimals) {
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.matches("-[0.]+") ? text.substring(1) : text;
    }

    /** Returns text such as {@code 1.2 ± 0.3}, or a dash if there is no value. */
    static String shown(Mean mean, int decimals) {
        if (mean == null || mean.value() == null) return "–";
        String value = number(mean.value(), decimals);
        return mean.standardError() == null ? value : value + " ± " + number(mean.standardError(), decimals);
    }
}
