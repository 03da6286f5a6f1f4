package sparrow.bench.jmh;

/**
 * The matrices of a linear benchmark, which are used in rotation.
 *
 * @param matrices number of matrices
 * @param outputs number of rows per matrix
 * @param inputs number of columns per matrix
 * @param rowBytes size of a row in bytes
 */
record LinearSize(int matrices, int outputs, int inputs, long rowBytes) {
    /** A size that fits in the second-level caches of current processors. */
    private static final long CACHE_BYTES = 1 << 20;

    /** A size larger than any cache. */
    private static final long MEMORY_BYTES = 512L << 20;

    /** A common multiple of the panel rows in all layouts. */
    private static final int PANEL = 64;

    /**
     * Returns the sizes for {@code cache}, one matrix of about 1 MiB, or for {@code memory}, 512 MiB of matrices with
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

    /** Returns the work of a pass, which reads the weights once for all rows. */
    Work work(int rows) {
        return new Work(2.0 * rows * outputs * inputs, (double) outputs * rowBytes);
    }
}
