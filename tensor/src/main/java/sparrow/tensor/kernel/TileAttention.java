package sparrow.tensor.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Attention with register tiles. The query heads of all rows are gathered into one block and multiplied by the panels
 * of keys. Each row is normalised by a softmax over its visible positions and multiplied by the panels of values. Keys
 * and values are read once for all rows.
 */
final class TileAttention {
    /**
     * Number of positions of a value panel that are widened at a time. These positions occupy about as much memory as a
     * key panel.
     */
    private static final int RUN = 128;

    private final Kernels kernels;

    /** Reusable scratch memory, with one object per computing thread. */
    private final ConcurrentLinkedDeque<Scratch> free = new ConcurrentLinkedDeque<>();

    TileAttention(Kernels kernels) {
        this.kernels = kernels;
    }

    void attend(Block queries, KvPanels cache, int head, int position, int window, float scale, Block mixed) {
        Scratch reused = free.poll();
        Scratch scratch = reused == null ? new Scratch() : reused;
        try {
            attend(queries, cache, head, position, window, scale, mixed, scratch);
        } finally {
            free.push(scratch);
        }
    }

    private void attend(
            Block queries,
            KvPanels cache,
            int head,
            int position,
            int window,
            float scale,
            Block mixed,
            Scratch scratch) {
        int width = cache.headWidth();
        int group = queries.columns() / width;
        // Complete panels of keys are multiplied, starting with the panel that contains the first row's oldest
        // position.
        int oldest = Math.max(0, position + 1 - window);
        int first = oldest - oldest % Lanes.PANEL;
        scratch.fit(queries.rows() * group, width, first, position + queries.rows() - first);
        Block gathered = scratch.queries();
        copyHeads(queries, gathered, group);
        scores(gathered, cache, head, scratch);
        for (int row = 0; row < gathered.rows(); row++) {
            int end = position + row / group + 1;
            weigh(scratch, row, cache, head, Math.max(0, end - window), end, scale);
        }
        mix(scratch, cache, head);
        for (int r = 0; r < mixed.rows(); r++) {
            for (int h = 0; h < group; h++) {
                int from = (r * group + h) * scratch.mixedStride;
                System.arraycopy(scratch.mixed, from, mixed.data(), mixed.row(r) + h * width, width);
            }
        }
    }

    /** Copies [rows, group * headWidth] to [rows * group, headWidth]. */
    private static void copyHeads(Block queries, Block gathered, int group) {
        int width = gathered.columns();
        for (int row = 0; row < gathered.rows(); row++) {
            int from = queries.row(row / group) + row % group * width;
            System.arraycopy(queries.data(), from, gathered.data(), gathered.row(row), width);
        }
    }

    /**
     * Computes the scores. A panel of keys is widened once for all rows. The scores of positions between the last
     * position and the end of its panel are never read.
     */
    private static void scores(Block gathered, KvPanels cache, int head, Scratch scratch) {
        PackedRows x = PackedRows.of(gathered);
        int width = cache.headWidth();
        boolean wide = cache.format() == KvFormat.F32;
        MemorySegment keys = wide ? cache.keys() : scratch.panel(width);
        for (int p = 0; p < scratch.seen; p += Lanes.PANEL) {
            long at = cache.keyAt(head, scratch.first + p, 0);
            if (!wide) cache.format().widen(cache.keys(), at, width * Lanes.PANEL, keys);
            Tiles.panel(x, 0, width, keys, wide ? at : 0, scratch.scores, p, scratch.scoreStride);
        }
    }

    /**
     * Computes a row's weights for the stored values. The weights are the softmax over its visible positions and 0 for
     * positions that are visible only to other rows.
     *
     * @param from first visible position
     * @param end end of the visible positions (exclusive)
     */
    private void weigh(Scratch scratch, int row, KvPanels cache, int head, int from, int end, float scale) {
        int start = row * scratch.scoreStride;
        int offset = start + from - scratch.first;
        int visible = end - from;
        cache.scaleByKeys(head, from, scratch.scores, offset, visible);
        kernels.softmax(scratch.scores, offset, visible, scale);
        cache.scaleByValues(head, from, scratch.scores, offset, visible);
        Arrays.fill(scratch.scores, start, offset, 0);
        Arrays.fill(scratch.scores, offset + visible, start + scratch.seen, 0);
    }

    /**
     * Multiplies the weights by the values. An f32 panel of values is multiplied at once. For other formats, a few
     * positions of a panel are widened at a time and stay in the cache while they are multiplied by all rows.
     */
    private static void mix(Scratch scratch, KvPanels cache, int head) {
        PackedRows x = PackedRows.of(scratch.weights());
        boolean wide = cache.format() == KvFormat.F32;
        MemorySegment values = wide ? cache.values() : scratch.panel(RUN);
        for (int c = 0; c < cache.headWidth(); c += Lanes.PANEL) {
            for (int first = 0, end; first < scratch.seen; first = end) {
                // A run ends at a multiple of its length, wherever the window of the first row begins.
                int run = wide ? scratch.seen : RUN - (scratch.first + first) % RUN;
                end = Math.min(scratch.seen, first + run);
                long at = cache.valueAt(head, scratch.first + first, c);
                if (!wide) cache.format().widen(cache.values(), at, (end - first) * Lanes.PANEL, values);
                if (first == 0) {
                    Tiles.panel(x, 0, end, values, wide ? at : 0, scratch.mixed, c, scratch.mixedStride);
                } else {
                    Tiles.panel(x, first, end, values, 0, scratch.part, 0, Lanes.PANEL);
                    scratch.addPart(c);
                }
            }
        }
    }

    /** Arrays for one call. The arrays grow to the size required by the largest call. */
    private static final class Scratch {
        private int rows;
        private int width;

        /** First position of the scores. */
        private int first;

        /** Number of positions starting at {@link #first}. */
        private int seen;

        /** Distance between rows of scores, which is a multiple of the panel size. */
        private int scoreStride;

        /** Distance between rows of mixed values, which is a multiple of the panel size. */
        private int mixedStride;

        private float[] queries = {};
        private float[] scores = {};
        private float[] mixed = {};

        /** The contribution of the widened positions to a panel of mixed values, [rows, PANEL]. */
        private float[] part = {};

        /** Memory for a widened panel. */
        private MemorySegment panel = MemorySegment.NULL;

        void fit(int rows, int width, int first, int seen) {
            this.rows = rows;
            this.width = width;
            this.first = first;
            this.seen = seen;
            scoreStride = Math.ceilDiv(seen, Lanes.PANEL) * Lanes.PANEL;
            mixedStride = Math.ceilDiv(width, Lanes.PANEL) * Lanes.PANEL;
            queries = atLeast(queries, rows * width);
            scores = atLeast(scores, Math.multiplyExact(rows, scoreStride));
            mixed = atLeast(mixed, rows * mixedStride);
            part = atLeast(part, rows * Lanes.PANEL);
        }

        /** Returns memory for a panel with the given number of columns. */
        MemorySegment panel(int columns) {
            long bytes = 4L * columns * Lanes.PANEL;
            if (panel.byteSize() < bytes) panel = Arena.ofAuto().allocate(bytes, 64);
            return panel;
        }

        Block weights() {
            return new Block(scores, 0, scoreStride, rows, seen);
        }

        void addPart(int channel) {
            for (int row = 0; row < rows; row++) {
                int to = row * mixedStride + channel;
                for (int i = 0; i < Lanes.PANEL; i++) mixed[to + i] += part[row * Lanes.PANEL + i];
            }
        }

        Block queries() {
            return Block.of(queries, rows, width);
        }

        /**
         * Returns an array of at least the given length. New arrays have twice that length because a sequence grows
         * with every step.
         */
        private static float[] atLeast(float[] array, int length) {
            return array.length >= length ? array : new float[Math.multiplyExact(length, 2)];
        }
    }
}
