package sparrow.engine.transformer;

import java.util.ArrayList;
import java.util.List;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/** Grouped-query attention of positions over their caches: each sees itself and the earlier ones. */
final class Attention {
    /** Query heads of one product: several tiles high, and few enough that their scores stay in the cache. */
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
     * Rows {@code first} to {@code end} (exclusive) of a pass: neighbours in one sequence.
     *
     * @param memory of the sequence
     * @param row the first one
     */
    record Run(HostKvMemory memory, Row row, int first, int end) {
        int positions() {
            return end - first;
        }

        /** Positions before the first one that a layer holds. */
        int earlier(int layer) {
            return row.slot(layer);
        }
    }

    /** Rows of a pass that read the same keys, cut to what one product takes. */
    List<Run> runs(List<? extends Row> rows) {
        int most = Math.max(1, PRODUCT_ROWS / group);
        List<Run> runs = new ArrayList<>();
        int first = 0;
        int n = rows.size();
        for (int end = 1; end <= n; end++) {
            if (end < n && end - first < most && follows(rows.get(end), rows.get(end - 1))) continue;
            runs.add(new Run((HostKvMemory) rows.get(first).memory(), rows.get(first), first, end));
            first = end;
        }
        return runs;
    }

    private static boolean follows(Row row, Row before) {
        return row.memory() == before.memory() && row.index() == before.index() + 1;
    }

    /**
     * mixed[p] = for each head softmax(q k / sqrt(headWidth)) v over the keys and values of position p in this layer.
     *
     * @param runs all positions of the pass, by {@link #runs}
     * @param queries [positions, heads * headWidth], rotated
     * @param mixed [positions, heads * headWidth]
     */
    void attend(int layer, List<Run> runs, Block queries, Block mixed) {
        kernels.pool().forEach(runs.size() * config.kvHeads(), work(layer, runs), piece -> {
            Run run = runs.get(piece / config.kvHeads());
            int head = piece % config.kvHeads();
            kernels.attend(
                    part(queries, run, head),
                    ((LayerMemory.KeysAndValues) run.memory().layer(layer)).panels(),
                    head,
                    run.earlier(layer),
                    scale,
                    part(mixed, run, head));
        });
    }

    /** The query heads that a key head serves: they lie side by side. */
    private Block part(Block heads, Run run, int kvHead) {
        int width = group * config.headWidth();
        return heads.rows(run.first(), run.end()).columns(kvHead * width, (kvHead + 1) * width);
    }

    /** Multiply-adds with keys and with values. */
    private long work(int layer, List<Run> runs) {
        long seen = 0;
        for (Run run : runs) seen += (long) run.positions() * (run.earlier(layer) + run.positions());
        return 2 * seen * config.queryWidth();
    }
}
