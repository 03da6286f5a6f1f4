package sparrow.tensor.kernel;

/**
 * Rows of activations as {@link Tiles} read them: of each {@link Tiles#TALL} rows the values of a column side by side, so that
 * a tile reads one stream instead of a row each. The rows that fill no tile stay where they are, and all of them where sums
 * are too short for packing to pay.
 *
 * <p>The tiles lie in an array of the thread that packed them, and are good until it packs again: for one product, which other
 * threads may share.
 *
 * @param rows the rows themselves
 * @param tiles [whole tiles, columns, TALL] from {@code start} on
 */
record PackedRows(Block rows, float[] tiles, int start) {
    /** Rows that are packed at once for a product of many, so that overlapping windows of a long sound do not add up. */
    static final int MOST = 480;

    /** Columns from which packing pays. */
    private static final int LONG = 512;

    private static final ThreadLocal<float[]> TILES = ThreadLocal.withInitial(() -> new float[0]);

    /** Packs on the calling thread. */
    static PackedRows of(Block x) {
        PackedRows packed = new PackedRows(x, space(x), 0);
        for (int tile = 0; tile < packed.tileCount(); tile++) packed.pack(tile);
        return packed;
    }

    /** Packs on the threads of a pool. */
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
        boolean pays = Tiles.PACKS && x.columns() >= LONG;
        return pays ? x.rows() / Tiles.TALL : 0;
    }

    /** Index of a column of a tile. */
    int tile(int tile, int column) {
        return start + (tile * rows.columns() + column) * Tiles.TALL;
    }

    /** Some of the rows; {@code from} is a multiple of {@link Tiles#TALL}. */
    PackedRows rows(int from, int to) {
        return new PackedRows(rows.rows(from, to), tiles, tile(from / Tiles.TALL, 0));
    }
}
