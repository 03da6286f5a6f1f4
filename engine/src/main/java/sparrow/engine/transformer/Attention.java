package sparrow.engine.transformer;

import java.util.List;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;

/** Grouped-query attention of rows over their caches: every row sees its own and all earlier positions. */
final class Attention {
    private final TransformerConfig config;
    private final Kernels kernels;
    private final float scale;

    Attention(TransformerConfig config, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
        this.scale = (float) (1 / Math.sqrt(config.headWidth()));
    }

    /**
     * mixed[r] = for each head softmax(q k / sqrt(headWidth)) v over the cache of row r in this layer.
     *
     * @param queries [rows, heads * headWidth], rotated
     * @param mixed [rows, heads * headWidth]
     */
    void attend(int layer, List<Row> rows, Block queries, Block mixed) {
        kernels.pool().forEach(rows.size() * config.kvHeads(), piece -> {
            int r = piece / config.kvHeads();
            attend(layer, rows.get(r), piece % config.kvHeads(), queries.rows(r, r + 1), mixed.rows(r, r + 1));
        });
    }

    /** One row, one key head, and the query heads that it serves: they lie side by side. */
    private void attend(int layer, Row row, int kvHead, Block queryRow, Block mixedRow) {
        int group = config.heads() / config.kvHeads();
        int headWidth = config.headWidth();
        int seen = row.position() + 1;
        int first = kvHead * group * headWidth;
        Block query = new Block(queryRow.data(), queryRow.offset() + first, headWidth, group, headWidth);
        Block mixed = new Block(mixedRow.data(), mixedRow.offset() + first, headWidth, group, headWidth);
        Block keys = new Block(row.cache().keys(layer), kvHead * headWidth, config.kvWidth(), seen, headWidth);
        Block values = new Block(row.cache().values(layer), kvHead * headWidth, config.kvWidth(), seen, headWidth);
        float[] scores = new float[group * seen];
        kernels.multiplyTransposed(query, keys, Block.of(scores, group, seen));
        for (int head = 0; head < group; head++) kernels.softmax(scores, head * seen, seen, scale);
        kernels.multiply(Block.of(scores, group, seen), values, mixed);
    }
}
