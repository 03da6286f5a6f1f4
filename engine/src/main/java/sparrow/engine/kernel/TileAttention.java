package sparrow.engine.kernel;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Attention by register tiles: the query heads of all rows, gathered into one block, times the panels of keys, a softmax
 * of every row over what it sees, and that times the panels of values. Keys and values are read once for all rows.
 */
final class TileAttention {
    private final Kernels kernels;

    /** One piece per thread that computes, kept for the next use. */
    private final ConcurrentLinkedDeque<Scratch> free = new ConcurrentLinkedDeque<>();

    TileAttention(Kernels kernels) {
        this.kernels = kernels;
    }

    void attend(Block queries, KvPanels cache, int head, int position, float scale, Block mixed) {
        Scratch reused = free.poll();
        Scratch scratch = reused == null ? new Scratch() : reused;
        try {
            attend(queries, cache, head, position, scale, mixed, scratch);
        } finally {
            free.push(scratch);
        }
    }

    private void attend(
            Block queries, KvPanels cache, int head, int position, float scale, Block mixed, Scratch scratch) {
        int width = cache.headWidth();
        int group = queries.columns() / width;
        int seen = position + queries.rows();
        scratch.fit(queries.rows() * group, width, seen);
        Block gathered = scratch.queries();
        copyHeads(queries, gathered, group);
        scores(gathered, cache, head, scratch);
        for (int row = 0; row < gathered.rows(); row++) {
            weigh(scratch.scores, row * scratch.scoreStride, position + row / group + 1, seen, scale);
        }
        mix(scratch, cache, head);
        for (int r = 0; r < mixed.rows(); r++) {
            for (int h = 0; h < group; h++) {
                int from = (r * group + h) * scratch.mixedStride;
                System.arraycopy(scratch.mixed, from, mixed.data(), mixed.row(r) + h * width, width);
            }
        }
    }

    /** [rows, group * headWidth] as [rows * group, headWidth]. */
    private static void copyHeads(Block queries, Block gathered, int group) {
        int width = gathered.columns();
        for (int row = 0; row < gathered.rows(); row++) {
            int from = queries.row(row / group) + row % group * width;
            System.arraycopy(queries.data(), from, gathered.data(), gathered.row(row), width);
        }
    }

    /** Also scores what lies between the last position and the end of its panel; nobody reads that. */
    private static void scores(Block gathered, KvPanels cache, int head, Scratch scratch) {
        PackedRows x = PackedRows.of(gathered);
        for (int p = 0; p < scratch.seen; p += Lanes.PANEL) {
            long at = cache.keyAt(head, p, 0);
            Tiles.panel(x, 0, cache.headWidth(), cache.keys(), at, scratch.scores, p, scratch.scoreStride);
        }
    }

    /** Softmax over the positions that a row sees; those that only later rows of the block see weigh nothing. */
    private void weigh(float[] scores, int offset, int own, int seen, float scale) {
        kernels.softmax(scores, offset, own, scale);
        Arrays.fill(scores, offset + own, offset + seen, 0);
    }

    private static void mix(Scratch scratch, KvPanels cache, int head) {
        Block weights = new Block(scratch.scores, 0, scratch.scoreStride, scratch.rows, scratch.seen);
        PackedRows x = PackedRows.of(weights);
        for (int c = 0; c < cache.headWidth(); c += Lanes.PANEL) {
            long at = cache.valueAt(head, 0, c);
            Tiles.panel(x, 0, scratch.seen, cache.values(), at, scratch.mixed, c, scratch.mixedStride);
        }
    }

    /** Arrays of one call, as large as the largest call so far needed. */
    private static final class Scratch {
        private int rows;
        private int width;
        private int seen;

        /** From one row of scores to the next: whole panels of positions. */
        private int scoreStride;

        /** From one row of mixed values to the next: whole panels of channels. */
        private int mixedStride;

        private float[] queries = {};
        private float[] scores = {};
        private float[] mixed = {};

        void fit(int rows, int width, int seen) {
            this.rows = rows;
            this.width = width;
            this.seen = seen;
            scoreStride = Math.ceilDiv(seen, Lanes.PANEL) * Lanes.PANEL;
            mixedStride = Math.ceilDiv(width, Lanes.PANEL) * Lanes.PANEL;
            queries = atLeast(queries, rows * width);
            scores = atLeast(scores, Math.multiplyExact(rows, scoreStride));
            mixed = atLeast(mixed, rows * mixedStride);
        }

        Block queries() {
            return Block.of(queries, rows, width);
        }

        /** Twice what is asked for: a sequence that grows by a position a step asks for more every few steps. */
        private static float[] atLeast(float[] array, int length) {
            return array.length >= length ? array : new float[Math.multiplyExact(length, 2)];
        }
    }
}
