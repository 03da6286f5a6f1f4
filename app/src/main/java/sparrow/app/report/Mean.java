package sparrow.app.report;

import java.util.Arrays;
import java.util.List;

/**
 * A mean and its standard error. The ratio estimate is implemented here because common statistics libraries do not
 * provide it.
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

    /**
     * Returns the mean over the positions of several replies. The positions in a reply depend on each other, so the
     * standard error is computed for a ratio estimate over replies (Cochran, Sampling Techniques, 1977, chapter 6).
     * With s_k the sum and n_k the number of positions of reply k of K: m = sum s / sum n, and SE = sqrt(K/(K-1) sum
     * (s_k - m n_k)^2) / sum n. If every reply has one value, the result is the usual standard error.
     *
     * @param sums the sum of each reply's values
     * @param counts the number of each reply's values, at least one in total; replies without values are ignored
     */
    public static Mean overReplies(double[] sums, int[] counts) {
        int replies = (int) Arrays.stream(counts).filter(count -> count > 0).count();
        long count = Arrays.stream(counts).asLongStream().sum();
        double mean = Arrays.stream(sums).sum() / count;
        if (replies < 2) return new Mean(mean, null, replies);
        double squares = 0;
        for (int k = 0; k < sums.length; k++) {
            double off = sums[k] - mean * counts[k];
            squares += off * off;
        }
        return new Mean(mean, Math.sqrt(squares * replies / (replies - 1)) / count, replies);
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
