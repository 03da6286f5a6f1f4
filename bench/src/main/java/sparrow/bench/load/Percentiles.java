package sparrow.bench.load;

import java.util.List;
import sparrow.app.report.Quartiles;

/**
 * The median and the 95th percentile.
 *
 * @param p50 the median
 * @param p95 the 95th percentile
 * @param max the largest
 * @param samples measurements
 */
public record Percentiles(double p50, double p95, double max, int samples) {
    /** Of some values in any order; null if there are none. */
    static Percentiles of(List<Double> values) {
        if (values.isEmpty()) return null;
        return new Percentiles(
                Quartiles.quantile(values, 0.5),
                Quartiles.quantile(values, 0.95),
                Quartiles.quantile(values, 1),
                values.size());
    }
}
