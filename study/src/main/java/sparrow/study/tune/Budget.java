package sparrow.study.tune;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import sparrow.engine.exit.Verification;

/** The qualities that a policy must preserve, and the saving by which policies are compared. */
public sealed interface Budget {
    /** A budget that requires replies identical to full depth, token by token; see {@link Exact}. */
    Budget EXACT = new Exact(0);

    /**
     * A bound on a quality: a minimum or maximum value, or a difference from full depth.
     *
     * @param value the value, or the maximum loss or minimum gain as value minus full depth's value
     * @param text the bound as written in a budget
     */
    record Bound(Quality quality, double value, boolean isRelative, String text) {
        /**
         * Parses {@code wer=+2.0} (relative, with a sign) or {@code agreement=98} (absolute, without a sign).
         *
         * @throws IllegalArgumentException if the text has another form; the message is one line
         */
        public static Bound parse(String text) {
            Matcher parts = Pattern.compile("([a-z]+)=([+-]?)(\\d{1,6}(?:\\.\\d{1,9})?)")
                    .matcher(text);
            if (!parts.matches()) {
                throw new IllegalArgumentException(
                        "--budget: expected exact, or bounds such as wer=+2.0 (at most so far from full depth)"
                                + " or agreement=98 (at least this), got \"" + text + "\"");
            }
            String sign = parts.group(2);
            double value = Double.parseDouble(parts.group(3));
            return new Bound(Quality.parse(parts.group(1)), sign.equals("-") ? -value : value, !sign.isEmpty(), text);
        }

        /** Returns whether a value satisfies the bound. */
        boolean holds(double found, double fullDepth) {
            return quality.gain(found, isRelative ? fullDepth + value : value) >= 0;
        }
    }

    /** Returns the qualities that must be measured. */
    List<Quality> qualities();

    /** Returns whether a policy meets the budget. */
    boolean allows(Measured policy, Measured fullDepth);

    /** Returns the order of policies that meet the budget, worst first. */
    Comparator<Measured> order();

    /** Returns the measured cost of a row for reports, or empty if the budget does not depend on it. */
    default Optional<String> measuredRowCost() {
        return this instanceof Exact(double rowCost)
                ? Optional.of(String.format(Locale.ROOT, "%.2f of a pass of one row, measured here", rowCost))
                : Optional.empty();
    }

    /** Returns the saving by which policies are compared, 0 or less if there is no saving. */
    double saved(Measured policy);

    /**
     * Early tokens are drafts, and full depth replaces wrong drafts ({@link Verification#EXACT}). Policies differ only
     * in compute, so the best policy requires the least time per token of text or speech. Reading a layer for one row
     * takes one unit of time, and each additional row takes {@code rowCost} units.
     *
     * @param rowCost cost of a row in addition to the first, as a fraction of a pass of one row; 0 to
     *     count only the layers read
     */
    record Exact(double rowCost) implements Budget {
        @Override
        public List<Quality> qualities() {
            return List.of();
        }

        @Override
        public boolean allows(Measured policy, Measured fullDepth) {
            return policy.plan().verification() == Verification.EXACT;
        }

        @Override
        public Comparator<Measured> order() {
            return Comparator.comparingDouble(this::saved);
        }

        @Override
        public double saved(Measured policy) {
            return 1 - cost(policy) / policy.layers();
        }

        /** Returns the time per token, in units of reading a layer for one row. */
        double cost(Measured policy) {
            return policy.layersRead() + rowCost * (policy.positionLayers() - policy.layersRead());
        }

        @Override
        public String toString() {
            return "exact";
        }
    }

    /**
     * Bounds on qualities. The best policy saves the most depth at speech positions.
     *
     * @param bounds bounds in the order in which their qualities decide between policies with equal savings
     */
    record Within(List<Bound> bounds) implements Budget {
        public Within {
            bounds = List.copyOf(bounds);
            if (bounds.isEmpty()) throw new IllegalArgumentException("--budget: expected one bound or more, got none");
            Set<Quality> seen = EnumSet.noneOf(Quality.class);
            for (Bound bound : bounds) {
                if (!seen.add(bound.quality())) {
                    throw new IllegalArgumentException(
                            "--budget: expected each quality once, got " + bound.quality() + " twice");
                }
            }
        }

        @Override
        public List<Quality> qualities() {
            return bounds.stream().map(Bound::quality).toList();
        }

        /**
         * Returns whether a policy satisfies all bounds. A quality that was not measured does not satisfy its bound.
         */
        @Override
        public boolean allows(Measured policy, Measured fullDepth) {
            return bounds.stream().allMatch(bound -> {
                Double value = policy.quality(bound.quality());
                Double full = fullDepth.quality(bound.quality());
                return value != null && full != null && bound.holds(value, full);
            });
        }

        @Override
        public Comparator<Measured> order() {
            Comparator<Measured> order = Comparator.comparingDouble(this::saved);
            for (Quality quality : qualities()) {
                order = order.thenComparing(
                        (a, b) -> Double.compare(quality.gain(a.quality(quality), b.quality(quality)), 0));
            }
            return order;
        }

        @Override
        public double saved(Measured policy) {
            return policy.depthSaved();
        }

        @Override
        public String toString() {
            return bounds.stream().map(Bound::text).collect(Collectors.joining(","));
        }
    }

    /**
     * Parses {@code exact}, or bounds separated by commas, such as {@code wer=+2.0,mos=-0.1}.
     *
     * @throws IllegalArgumentException if the text has another form; the message is one line
     */
    static Budget parse(String text) {
        if (text.equals("exact")) return EXACT;
        return new Within(Arrays.stream(text.split(",", -1)).map(Bound::parse).toList());
    }
}
