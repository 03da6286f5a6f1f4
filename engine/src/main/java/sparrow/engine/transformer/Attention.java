package sparrow.engine.transformer;

import java.util.ArrayList;
import java.util.List;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.KvPanels;

/** Grouped-query attention. Each position attends to positions of its sequence, including itself. */
final class Attention {
    /**
     * Maximum number of query rows in one product. The rows form several tiles, but are few enough that their scores
     * stay in the processor's cache.
     */
    private static final int PRODUCT_ROWS = 48;

    private final TransformerConfig config;
    private final Kernels kernels;
    private final int group;
    private final float scale;

    Attention(TransformerConfig config, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
        this.group = config.heads() / config.kvHeads();
        this.scale = (float) (1 / Math.sqrt(config.headWidth()));
    }

    /**
     * Rows {@code first} to {@code end} (exclusive) of a pass, which are consecutive positions of one sequence.
     *
     * @param memory keys and values of the sequence
     * @param row first row
     */
    record Run(HostKvMemory memory, PassPosition row, int first, int end) {
        int positions() {
            return end - first;
        }

        /** Returns the number of positions before this run that a layer contains. */
        int earlier(int layer) {
            return row.slot(layer);
        }
    }

    /** Groups consecutive positions of a sequence into runs, each small enough for one product. */
    List<Run> runs(List<? extends PassPosition> rows) {
        int maxPositions = Math.max(1, PRODUCT_ROWS / group);
        List<Run> runs = new ArrayList<>();
        int first = 0;
        int n = rows.size();
        for (int end = 1; end <= n; end++) {
            if (end < n && end - first < maxPositions && follows(rows.get(end), rows.get(end - 1))) continue;
            runs.add(new Run((HostKvMemory) rows.get(first).memory(), rows.get(first), first, end));
            first = end;
        }
        return runs;
    }

    private static boolean follows(PassPosition row, PassPosition previous) {
        return row.memory() == previous.memory() && row.index() == previous.index() + 1;
    }

    /**
     * Computes mixed[p] = softmax(q k / sqrt(headWidth)) v for each head of each position p, over this layer's keys and
     * values to which p attends.
     *
     * @param span positions to which a position attends
     * @param runs all positions of the pass, grouped by {@link #runs}
     * @param queries rotated queries, [positions, heads * headWidth]
     * @param mixed block that receives the result, [positions, heads * headWidth]
     */
    void attend(int layer, AttentionSpan span, List<Run> runs, Block queries, Block mixed) {
        kernels.pool().forEach(runs.size() * config.kvHeads(), work(layer, runs), piece -> {
            Run run = runs.get(piece / config.kvHeads());
            int head = piece % config.kvHeads();
            KvPanels panels = ((LayerMemory.KeysAndValues) run.memory().layer(layer)).panels();
            Block from = part(queries, run, head);
            Block to = part(mixed, run, head);
            int first = run.earlier(layer);
            switch (span) {
                case AttentionSpan.Causal _ -> kernels.attend(from, panels, head, first, scale, to);
                case AttentionSpan.Window(int positions, Rope _) ->
                    kernels.attend(from, panels, head, first, positions, scale, to);
                case AttentionSpan.Whole _ -> {
                    // For the last position, all positions are earlier positions.
                    int last = panels.length() - 1;
                    for (int r = 0; r < from.rows(); r++) {
                        kernels.attend(from.rows(r, r + 1), panels, head, last, scale, to.rows(r, r + 1));
                    }
                }
            }
        });
    }

    /** Returns the adjacent columns of the query heads that share a key head. */
    private Block part(Block heads, Run run, int kvHead) {
        int width = group * config.headWidth();
        return heads.rows(run.first(), run.end()).columns(kvHead * width, (kvHead + 1) * width);
    }

    /** Returns the number of multiply-adds with keys and values. */
    private long work(int layer, List<Run> runs) {
        long pairs = 0;
        for (Run run : runs) pairs += (long) run.positions() * (run.earlier(layer) + run.positions());
        return 2 * pairs * config.queryWidth();
    }
}
