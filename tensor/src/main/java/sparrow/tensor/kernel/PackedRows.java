package sparrow.tensor.kernel;

/**
 * Rows of activations packed for {@link Tiles}. The values of {@link Tiles#TALL} rows are interleaved by column, so
 * that a tile reads one stream instead of one stream per row. Rows after the last complete tile are not packed, and no
 * rows are packed if there are too few columns to make packing worthwhile.
 *
 * <p>The tiles are in an array of the thread that packed them and are valid until this thread packs again. Until then,
 * other threads may read them to compute parts of the same product.
 *
 * @param rows unpacked rows
 * @param tiles packed rows, [complete tiles, columns, TALL], starting at {@code start}
 */
record PackedRows(Block rows, float[] tiles, int start) {
    /**
     * Maximum number of rows packed together. The maximum limits the memory for the overlapping windows of long audio.
     */
    static final int MAX_ROWS = 480;

    /** Minimum number of columns for which packing is worthwhile. */
    private static final int MIN_COLUMNS = 512;

    private static final ThreadLocal<float[]> TILES = ThreadLocal.withInitial(() -> new float[0]);

    /** Packs rows on the calling thread. */
    static PackedRows of(Block x) {
        PackedRows packed = new PackedRows(x, space(x), 0);
        for (int tile = 0; tile < packed.tileCount(); tile++) packed.pack(tile);
        return packed;
    }

    /** Packs rows on the threads of a pool. */
    static PackedRows of(Block x, ComputePool pool) {
        PackedRows packed = new PackedRows(x, space(x), 0);
        pool.forEach(packed.tileCount(), (long) x.rows() * x.columns(), packed::pack);
        return packed;
    }

    private static float[] space(Block x) {
        int length = Math.multiplyExact(tiles(x) * Tiles.TALL, x.columns());
        if (TILES.get().length < length) TILES.set(new float[length]);
        return TILES.get();
    }

    private void pack(int tile) {
        float[] x = rows.data();
        int to = tile(tile, 0);
        for (int r = 0; r < Tiles.TALL; r++) {
            int from = rows.row(tile * Tiles.TALL + r);
            for (int c = 0; c < rows.columns(); c++) tiles[to + r + c * Tiles.TALL] = x[from + c];
        }
    }

    int tileCount() {
        return tiles(rows);
    }

    private static int tiles(Block x) {
        boolean pays = Tiles.PACKS && x.columns() >= MIN_COLUMNS;
        return pays ? x.rows() / Tiles.TALL : 0;
    }

    /** Returns the index of a tile's column. */
    int tile(int tile, int column) {
        return start + (tile * rows.columns() + column) * Tiles.TALL;
    }

    /**
     * Returns a view of rows {@code from} (inclusive) to {@code to} (exclusive); {@code from} must be a multiple of
     * {@link Tiles#TALL}.
     */
    PackedRows rows(int from, int to) {
        return new PackedRows(rows.rows(from, to), tiles, tile(from / Tiles.TALL, 0));
    }
}
