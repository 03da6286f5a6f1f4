package sparrow.app.report;

import java.util.Collection;

/**
 * The median and quartiles of repeated measurements. Quantiles are interpolated linearly between measurements, as in R
 * and NumPy by default.
 *
 * @param lower the first quartile
 * @param median the second quartile
 * @param upper the third quartile
 * @param samples the number of measurements, at least 1
 */
public record Quartiles(double lower, double median, double upper, int samples) {
    /**
     * Returns the quartiles of values in any order.
     *
     * @throws IllegalArgumentException if there are no values
     */
    public static Quartiles of(Collection<? extends Number> values) {
        if (values.isEmpty()) throw new IllegalArgumentException("quartiles: expected one value or more, got none");
        double[] sorted = sorted(values);
        return new Quartiles(quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75), sorted.length);
    }

    /**
     * Returns a quantile of values in any order.
     *
     * @param share the fraction of the values below the quantile, from 0 to 1
     * @throws IllegalArgumentException if there are no values
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
