package sparrow.study.tune;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import sparrow.engine.exit.Verification;

/** The qualities that a policy has to keep, and the saving that it is chosen for. */
public sealed interface Budget {
    /** Replies that are those of full depth, token for token; see {@link Exact}. */
    Budget EXACT = new Exact();

    /** A bound on one quality, as written in a budget. */
    public sealed interface Bound {
        /** The quality that is bounded. */
        Quality quality();

        /**
         * A value that is to be reached.
         *
         * @param text as it was written
         */
        record Absolute(Quality quality, double value, String text) implements Bound {
            @Override
            public String toString() {
                return text;
            }
        }

        /**
         * A distance from full depth: at most so much worse, or at least so much better.
         *
         * @param change value minus that of full depth
         * @param text as it was written
         */
        record Relative(Quality quality, double change, String text) implements Bound {
            @Override
            public String toString() {
                return text;
            }
        }

        /**
         * Reads {@code wer=+2.0} (relative: with a sign) or {@code agreement=98} (absolute: without).
         *
         * @throws IllegalArgumentException in one line if it is neither
         */
        static Bound parse(String text) {
            Matcher parts = Pattern.compile("([a-z]+)=([+-]?)(\\d{1,6}(?:\\.\\d{1,9})?)")
                    .matcher(text);
            if (!parts.matches()) {
                throw new IllegalArgumentException(
                        "--budget: expected exact, or bounds such as wer=+2.0 (at most so far from full depth)"
                                + " or agreement=98 (at least this), got \"" + text + "\"");
            }
            Quality quality = Quality.parse(parts.group(1));
            double value = Double.parseDouble(parts.group(3));
            return switch (parts.group(2)) {
                case "+" -> new Relative(quality, value, text);
                case "-" -> new Relative(quality, -value, text);
                default -> new Absolute(quality, value, text);
            };
        }

        /** True if a value keeps the bound. */
        default boolean holds(double value, double fullDepth) {
            double limit = switch (this) {
                case Absolute absolute -> absolute.value();
                case Relative relative -> fullDepth + relative.change();
            };
            return quality().gain(value, limit) >= 0;
        }
    }

    /** The qualities that have to be measured. */
    List<Quality> qualities();

    /** True if a policy keeps the budget. */
    boolean allows(Measured policy, Measured fullDepth);

    /** Orders policies that keep the budget; a better policy is larger. */
    Comparator<Measured> order();

    /** The saving that a policy is chosen for; 0 or less if it saves nothing. */
    double saved(Measured policy);

    /**
     * Early tokens are drafts, and full depth replaces the wrong ones ({@link Verification#EXACT}): policies differ only in compute, and
     * the one with the fewest layer readings for a token of text or speech is the best.
     */
    record Exact() implements Budget {
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
            return policy.layersReadSaved();
        }

        @Override
        public String toString() {
            return "exact";
        }
    }

    /**
     * Bounds of quality. The policy that saves the most depth at speech positions is the best.
     *
     * @param bounds in the order in which better quality decides between policies that save the same depth
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

        /** Treats a quality that was not measured as out of bounds. */
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
            return bounds.stream().map(Bound::toString).collect(Collectors.joining(","));
        }
    }

    /**
     * Reads {@code exact}, or bounds with commas between them, such as {@code wer=+2.0,mos=-0.1}.
     *
     * @throws IllegalArgumentException in one line if it is neither
     */
    static Budget parse(String text) {
        if (text.equals("exact")) return EXACT;
        return new Within(Arrays.stream(text.split(",", -1)).map(Bound::parse).toList());
    }
}
