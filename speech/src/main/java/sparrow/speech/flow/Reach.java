package sparrow.speech.flow;

/** How far ahead a query of an encoder sees. Everything before it, it sees always. */
public sealed interface Reach {
    /** All that is there: the whole utterance or, where it comes in chunks, the query's own chunk. */
    record Everything() implements Reach {
        @Override
        public int seen(int query, int keys) {
            return keys;
        }

        @Override
        public int ahead(int queries) {
            return queries - 1;
        }
    }

    /**
     * The query's own block of codes.
     *
     * @param codes of a block
     */
    record Blocks(int codes) implements Reach {
        @Override
        public int seen(int query, int keys) {
            return Math.min(keys, (query / codes + 1) * codes);
        }

        @Override
        public int ahead(int queries) {
            return codes - 1;
        }
    }

    /** How many of the keys a query sees: those from 0 on. Queries are counted like the keys. */
    int seen(int query, int keys);

    /** The farthest that one of so many new queries sees ahead of itself. */
    int ahead(int queries);
}
