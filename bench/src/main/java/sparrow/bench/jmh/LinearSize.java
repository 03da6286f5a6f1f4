package sparrow.bench.jmh;

/**
 * Matrices of a linear benchmark, multiplied with in turn.
 *
 * @param matrices their number
 * @param outputs rows of each
 * @param inputs columns of each
 * @param rowBytes bytes of one row
 */
record LinearSize(int matrices, int outputs, int inputs, long rowBytes) {
    /** Fits the second-level caches of current processors. */
    private static final long CACHE_BYTES = 1 << 20;

    /** More than any cache holds. */
    private static final long MEMORY_BYTES = 512L << 20;

    /** Rows are made in whole panels of every layout. */
    private static final int PANEL = 64;

    /**
     * The sizes of {@code cache}, one matrix of about 1 MiB, or of {@code memory}, as many matrices of GLM-4-Voice's width
     * as take up 512 MiB.
     */
    static LinearSize of(String from, WeightFormat format) {
        return switch (from) {
            case "cache" -> {
                long rowBytes = format.rowBytes(1024);
                yield new LinearSize(1, Math.toIntExact(CACHE_BYTES / rowBytes / PANEL * PANEL), 1024, rowBytes);
            }
            case "memory" -> {
                long rowBytes = format.rowBytes(4096);
                yield new LinearSize(
                        Math.toIntExact(Math.ceilDiv(MEMORY_BYTES, 4096 * rowBytes)), 4096, 4096, rowBytes);
            }
            default -> throw new IllegalArgumentException("from: expected cache or memory, got " + from);
        };
    }

    /** Weights are read once for all rows. */
    Work work(int rows) {
        return new Work(2.0 * rows * outputs * inputs, (double) outputs * rowBytes);
    }
}
