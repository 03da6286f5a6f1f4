package sparrow.speech.layers;

/** Determines the keys that an encoder query attends to. Queries and keys are both counted from 0. */
public sealed interface AttentionMask {
    /** All keys. If the utterance arrives in chunks, these are the keys of the query's own and earlier chunks. */
    record Full() implements AttentionMask {}

    /**
     * The keys up to the end of the query's block.
     *
     * @param block number of rows per block
     */
    record BlockCausal(int block) implements AttentionMask {}

    /**
     * Returns the number of adjacent queries that attend to the same keys if there are {@code rows} queries in total.
     */
    default int blockRows(int rows) {
        return switch (this) {
            case Full() -> rows;
            case BlockCausal(int block) -> block;
        };
    }

    /**
     * Returns the number of keys, starting at key 0, that a query attends to if there are {@code keys} keys in total.
     */
    default int visible(int query, int keys) {
        int block = blockRows(keys);
        return Math.min(keys, (query / block + 1) * block);
    }
}
