package sparrow.app.report;

import java.util.List;

/**
 * A mean and its standard error.
 *
 * @param value the mean, or null if there are no values
 * @param standardError the standard error of the mean, or null for fewer than two values
 * @param count the number of independent values or of replies
 */
public record Mean(Double value, Double standardError, int count) {
    /** Returns the mean of independent values. */
    public static Mean of(List<Double> values) {
        int count = values.size();
        if (count == 0) return new Mean(null, null, 0);
        double mean = values.stream().mapToDouble(Double::doubleValue).sum() / count;
        if (count == 1) return new Mean(mean, null, 1);
        double squares =
                values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
        return new Mean(mean, Math.sqrt(squares / (count - 1) / count), count);
    }

    /** Returns the mean of the values multiplied by {@code factor}. */
    public Mean times(double factor) {
        return new Mean(
                value == null ? null : factor * value,
                standardError == null ? null : Math.abs(factor) * standardError,
                count);
    }

    /** Returns the mean of the values increased by {@code amount}. */
    public Mean plus(double amount) {
        return new Mean(value == null ? null : value + amount, standardError, count);
    }
}
