package sparrow.bench.load;

import java.util.List;
import sparrow.app.report.Quartiles;

/**
 * The median, the 95th percentile and the maximum.
 *
 * @param p50 the median
 * @param p95 the 95th percentile
 * @param max the maximum
 * @param samples number of measurements
 */
public record Percentiles(double p50, double p95, double max, int samples) {
    /** Returns the percentiles of values in any order, or null if there are none. */
    static Percentiles of(List<Double> values) {
        if (values.isEmpty()) return null;
        return new Percentiles(
                Quartiles.quantile(values, 0.5),
                Quartiles.quantile(values, 0.95),
                Quartiles.quantile(values, 1),
                values.size());
    }
}
