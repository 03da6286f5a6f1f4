package sparrow.models.pool;

/**
 * The cost of a pass, {@code a + b * rows}, fitted to the observed passes with higher weights for later passes. Passes
 * that do not read the upper layers are ignored, so that the estimate is not too low. Thread-safe: the model's thread
 * adds observations, and each thread that submits a reply queries how many replies can be decoded at once.
 */
final class CostModel {
    /** Factor by which an observation's weight is multiplied at each later observation. */
    private static final double DECAY = 0.98;

    /** Minimum standard deviation of the number of rows at which the cost of a row is measured rather than assumed. */
    private static final double FLAT = 0.5;

    /** Number of rows that are assumed to cost as much as reading the weights. */
    private static final double ROWS_PER_READING = 4;

    /** Number of replies decoded at once before the first pass was observed. */
    private static final int UNKNOWN_REPLIES = 4;

    /** Maximum number of replies decoded at once. */
    private static final int MAX_REPLIES = 64;

    private double weight;
    private double rows;
    private double nanos;
    private double rowsSquared;
    private double product;

    /** Adds a pass through all layers. */
    synchronized void observe(int passRows, long passNanos) {
        weight = DECAY * weight + 1;
        rows = DECAY * rows + passRows;
        nanos = DECAY * nanos + passNanos;
        rowsSquared = DECAY * rowsSquared + (double) passRows * passRows;
        product = DECAY * product + (double) passRows * passNanos;
    }

    /**
     * Returns the estimated time in nanoseconds of a pass with the given number of rows, or 0 before the first
     * observation.
     */
    synchronized double nanos(int passRows) {
        if (weight == 0) return 0;
        return Math.max(0, nanos / weight + perRow() * (passRows - rows / weight));
    }

    /**
     * Returns the maximum number of rows, from 1 to {@code max}, in a pass that ends within the given time. Returns
     * {@code max} if no pass has been observed.
     */
    synchronized int rowsWithin(double limitNanos, int max) {
        if (weight == 0) return max;
        double fixed = nanos(0);
        double fitting = (limitNanos - fixed) / Math.max(perRow(), 1);
        return (int) Math.clamp(fitting, 1, max);
    }

    /**
     * Returns the maximum number of replies that can be decoded in real time if each requires the given number of
     * tokens per second.
     */
    synchronized int realTimeReplies(double tokensPerSecond) {
        return weight == 0 ? UNKNOWN_REPLIES : rowsWithin(1e9 / tokensPerSecond, MAX_REPLIES);
    }

    private double perRow() {
        double meanRows = rows / weight;
        double variance = rowsSquared / weight - meanRows * meanRows;
        double mean = nanos / weight;
        double assumed = mean / (ROWS_PER_READING + meanRows);
        if (variance < FLAT * FLAT) return assumed;
        double slope = (product / weight - meanRows * mean) / variance;
        // Neither the fixed part nor the part per row can be negative.
        return Math.clamp(slope, 0, mean / Math.max(meanRows, 1));
    }
}
