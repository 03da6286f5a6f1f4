package sparrow.engine.transformer;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;

/** Grouped-query attention of rows over their caches: every row sees its own position and the earlier ones. */
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

    /** Rows {@code first} to {@code end} (exclusive) of a pass: consecutive positions of one sequence. */
    record Run(KvCache cache, int position, int first, int end) {
        int rows() {
            return end - first;
        }

        /** Positions before the first row that a layer holds. */
        int earlier(int layer) {
            return cache.slot(layer, position);
        }
    }

    /** Rows of a pass that read the same keys, cut to what one product takes. */
    List<Run> runs(List<Row> rows) {
        int most = Math.max(1, PRODUCT_ROWS / group);
        List<Run> runs = new ArrayList<>();
        int first = 0;
        for (int end = 1; end <= rows.size(); end++) {
            if (end < rows.size() && end - first < most && follows(rows.get(end), rows.get(end - 1))) continue;
            runs.add(new Run(rows.get(first).cache(), rows.get(first).position(), first, end));
            first = end;
        }
        return runs;
    }

    private static boolean follows(Row row, Row before) {
        return row.cache() == before.cache() && row.position() == before.position() + 1;
    }

    /**
     * mixed[r] = for each head softmax(q k / sqrt(headWidth)) v over the cache of row r in this layer.
     *
     * @param runs all rows of the pass, by {@link #runs}
     * @param queries [rows, heads * headWidth], rotated
     * @param mixed [rows, heads * headWidth]
     */
    void attend(int layer, List<Run> runs, Block queries, Block mixed) {
        kernels.pool().forEach(runs.size() * config.kvHeads(), work(layer, runs), piece -> {
            Run run = runs.get(piece / config.kvHeads());
            int head = piece % config.kvHeads();
            kernels.attend(
                    part(queries, run, head),
                    run.cache().layer(layer),
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
        for (Run run : runs) seen += (long) run.rows() * (run.earlier(layer) + run.rows());
        return 2 * seen * config.queryWidth();
    }
}
