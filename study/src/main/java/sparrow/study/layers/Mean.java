package sparrow.study.layers;

import java.util.Arrays;

/**
 * A mean over the positions of several replies. Positions of one reply depend on each other, so the standard error is that
 * of a ratio estimate over replies (Cochran, Sampling Techniques, 1977, chapter 6): with s_k the sum and n_k the number of
 * positions of reply k of K, m = sum s / sum n, and SE = sqrt(K/(K-1) sum (s_k - m n_k)^2) / sum n. Where every reply has
 * one value it is the usual one.
 *
 * @param value the mean
 * @param standardError of the mean; null where there are fewer than two replies
 */
public record Mean(double value, Double standardError) {
    /**
     * The mean of all values, at least one.
     *
     * @param sums of the values of each reply
     * @param counts of the values of each reply; a reply without any does not count
     */
    static Mean of(double[] sums, int[] counts) {
        long replies = Arrays.stream(counts).filter(count -> count > 0).count();
        long count = Arrays.stream(counts).asLongStream().sum();
        double mean = Arrays.stream(sums).sum() / count;
        if (replies < 2) return new Mean(mean, null);
        double squares = 0;
        for (int k = 0; k < sums.length; k++) {
            double off = sums[k] - mean * counts[k];
            squares += off * off;
        }
        return new Mean(mean, Math.sqrt(squares * replies / (replies - 1)) / count);
    }

    /** The mean of one value of each reply, at least one. */
    static Mean of(double[] values) {
        int[] ones = new int[values.length];
        Arrays.fill(ones, 1);
        return of(values, ones);
    }
}
