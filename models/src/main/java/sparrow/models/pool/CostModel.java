package sparrow.models.pool;

/**
 * The cost of a pass, {@code a + b * rows}, fitted to the passes seen so far, of which later ones count more. Passes
 * that do not read the upper layers are ignored, so that the estimate is not too low. Thread-safe: the thread of the
 * model adds observations, and each thread that submits a reply queries how many replies can be decoded at once.
 */
final class CostModel {
    /** Factor of an observation's weight at each later one. */
    private static final double DECAY = 0.98;

    /** Rows per pass beside which the cost of one more is not measured but assumed. */
    private static final double FLAT = 0.5;

    /** The assumption: so many rows cost as much as reading the weights. */
    private static final double ROWS_PER_READING = 4;

    /** Replies decoded at once before the first pass was seen. */
    private static final int UNKNOWN_REPLIES = 4;

    /** Maximum replies decoded at once. */
    private static final int MAX_REPLIES = 64;

    private double weight;
    private double rows;
    private double nanos;
    private double rowsSquared;
    private double product;

    /** Takes in a pass through all layers. */
    synchronized void observe(int passRows, long passNanos) {
        weight = DECAY * weight + 1;
        rows = DECAY * rows + passRows;
        nanos = DECAY * nanos + passNanos;
        rowsSquared = DECAY * rowsSquared + (double) passRows * passRows;
        product = DECAY * product + (double) passRows * passNanos;
    }

    /** Nanoseconds of a pass of so many rows; 0 before the first was seen. */
    synchronized double nanos(int passRows) {
        if (weight == 0) return 0;
        return Math.max(0, nanos / weight + perRow() * (passRows - rows / weight));
    }

    /**
     * Returns the maximum number of rows of a pass that ends within a time, from 1 to {@code most}; {@code most} if no
     * pass has been observed.
     */
    synchronized int rowsWithin(double limitNanos, int most) {
        if (weight == 0) return most;
        double fixed = nanos(0);
        double fitting = (limitNanos - fixed) / Math.max(perRow(), 1);
        return (int) Math.clamp(fitting, 1, most);
    }

    /** Returns how many replies can be decoded at once as fast as they are spoken, if each decides so many tokens a second. */
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
        // The first pass is no better than the last one: neither part can be negative.
        return Math.clamp(slope, 0, mean / Math.max(meanRows, 1));
    }
}
