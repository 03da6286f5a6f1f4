package sparrow.app.report;

import java.util.Collection;

/**
 * Median and spread of repeated measurements: half of them lie between the outer two. Between two measurements the
 * quantile is interpolated, as R and NumPy do by default. By hand, since it is three lines.
 *
 * @param lower first quartile
 * @param median second quartile
 * @param upper third quartile
 * @param samples measurements, 1 or more
 */
public record Quartiles(double lower, double median, double upper, int samples) {
    /**
     * The quartiles of some values, in any order.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static Quartiles of(Collection<? extends Number> values) {
        if (values.isEmpty()) throw new IllegalArgumentException("quartiles: expected one value or more, got none");
        double[] sorted = sorted(values);
        return new Quartiles(quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75), sorted.length);
    }

    /**
     * The value that this share of some values, in any order, stays below.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static double quantile(Collection<? extends Number> values, double share) {
        if (values.isEmpty()) throw new IllegalArgumentException("quantile: expected one value or more, got none");
        return quantile(sorted(values), share);
    }

    private static double[] sorted(Collection<? extends Number> values) {
        return values.stream().mapToDouble(Number::doubleValue).sorted().toArray();
    }

    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        if (below == sorted.length - 1) return sorted[below];
        return sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
    }
}
