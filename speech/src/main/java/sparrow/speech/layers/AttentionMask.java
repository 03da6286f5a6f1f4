package sparrow.speech.layers;

/** Determines the keys that a query of an encoder attends to. Queries and keys are both counted from 0. */
public sealed interface AttentionMask {
    /**
     * All keys: those of the utterance, or those of the query's own and earlier chunks if the utterance arrives in
     * chunks.
     */
    record Full() implements AttentionMask {}

    /**
     * The keys up to the end of the query's own block.
     *
     * @param block number of rows of a block
     */
    record BlockCausal(int block) implements AttentionMask {}

    /** Number of adjacent queries that attend to the same keys, if there are {@code rows} queries in total. */
    default int blockRows(int rows) {
        return switch (this) {
            case Full() -> rows;
            case BlockCausal(int block) -> block;
        };
    }

    /** Number of keys, from key 0 on, that a query attends to, if there are {@code keys} keys in total. */
    default int visible(int query, int keys) {
        int block = blockRows(keys);
        return Math.min(keys, (query / block + 1) * block);
    }
}
