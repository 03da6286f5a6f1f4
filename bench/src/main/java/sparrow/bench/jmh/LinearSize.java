package sparrow.bench.jmh;

/**
 * The matrices of a linear benchmark, which are used in turn.
 *
 * @param matrices number of matrices
 * @param outputs rows of each matrix
 * @param inputs columns of each matrix
 * @param rowBytes bytes of one row
 */
record LinearSize(int matrices, int outputs, int inputs, long rowBytes) {
    /** A size that fits the second-level caches of current processors. */
    private static final long CACHE_BYTES = 1 << 20;

    /** A size larger than any cache. */
    private static final long MEMORY_BYTES = 512L << 20;

    /** Multiple of the rows of a panel in all layouts. */
    private static final int PANEL = 64;

    /**
     * Returns the sizes for {@code cache}, one matrix of about 1 MiB, or for {@code memory}, 512 MiB of matrices of
     * GLM-4-Voice's width.
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

    /** Returns the work of a pass, which reads weights once for all rows. */
    Work work(int rows) {
        return new Work(2.0 * rows * outputs * inputs, (double) outputs * rowBytes);
    }
}
