package sparrow.speech.layers;

/** The keys that a query of an encoder attends to. Queries and keys are counted alike, from 0. */
public sealed interface AttentionMask {
    /** All keys: those of the utterance or, where it comes in chunks, those of earlier chunks and the query's own. */
    record Full() implements AttentionMask {}

    /**
     * The keys up to the end of the query's own block.
     *
     * @param block rows of a block
     */
    record BlockCausal(int block) implements AttentionMask {}

    /** Rows of a block of queries that attend to the same keys, if there are {@code rows} rows in all. */
    default int blockRows(int rows) {
        return switch (this) {
            case Full() -> rows;
            case BlockCausal(int block) -> block;
        };
    }

    /** Keys that a query attends to, from key 0 on, if there are {@code keys} keys in all. */
    default int visible(int query, int keys) {
        int block = blockRows(keys);
        return Math.min(keys, (query / block + 1) * block);
    }
}
