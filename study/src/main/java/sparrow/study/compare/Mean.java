package sparrow.study.compare;

import java.util.List;

/**
 * The mean of some values.
 *
 * @param value null of none
 * @param error standard error, from the spread of the values; null of fewer than two
 * @param count how many
 */
public record Mean(Double value, Double error, int count) {
    /** Of any values. */
    static Mean of(List<Double> values) {
        int count = values.size();
        if (count == 0) return new Mean(null, null, 0);
        double mean = values.stream().mapToDouble(Double::doubleValue).sum() / count;
        if (count == 1) return new Mean(mean, null, 1);
        double squares =
                values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
        return new Mean(mean, Math.sqrt(squares / (count - 1) / count), count);
    }

    /** The mean of independent means, each counting the same; none unless all of them are there. */
    static Mean ofMeans(List<Mean> means) {
        if (means.isEmpty() || means.stream().anyMatch(mean -> mean.value() == null)) return new Mean(null, null, 0);
        int n = means.size();
        double value = means.stream().mapToDouble(Mean::value).sum() / n;
        boolean errors = means.stream().allMatch(mean -> mean.error() != null);
        double squares = errors
                ? means.stream()
                        .mapToDouble(mean -> mean.error() * mean.error())
                        .sum()
                : 0;
        int count = means.stream().mapToInt(Mean::count).sum();
        return new Mean(value, errors ? Math.sqrt(squares) / n : null, count);
    }
}
