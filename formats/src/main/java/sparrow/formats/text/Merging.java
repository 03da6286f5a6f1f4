package sparrow.formats.text;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.function.IntConsumer;

/**
 * Merges the tokens of one piece until no pair can be merged. The pair with the lowest rank merges first; if several
 * pairs have this rank, the leftmost pair merges first. Pairs are queued in a heap, so a piece of n bytes takes O(n log
 * n) steps. The parts form a linked list, in which a part is identified by the index of its first byte.
 */
final class Merging {
    private final BytePairs pairs;
    /** Rank at and above which pairs do not merge. */
    private final int limit;

    /** The token of each part. */
    private final int[] token;

    private final int[] next;
    private final int[] previous;
    /** The rank of each part's pair with the next part. */
    private final int[] pairRank;
    /** Queue of ranks (upper half) and parts (lower half), ordered by rank and then from left to right. */
    private final PriorityQueue<Long> queue = new PriorityQueue<>();

    /**
     * Prepares to merge a piece.
     *
     * @param tokens one token for each byte of the piece; modified by this object
     */
    Merging(int[] tokens, BytePairs pairs, int limit) {
        this.pairs = pairs;
        this.limit = limit;
        token = tokens;
        next = new int[tokens.length + 1];
        previous = new int[tokens.length + 1];
        pairRank = new int[tokens.length];
        Arrays.setAll(next, i -> i + 1);
        Arrays.setAll(previous, i -> i - 1);
        for (int i = 0; i < tokens.length; i++) offer(i);
    }

    void run(IntConsumer ids) {
        while (!queue.isEmpty()) {
            long lowest = queue.remove();
            int part = (int) lowest;
            // A rank determines the merged bytes, so an entry is stale if and only if the ranks differ.
            if (pairRank[part] == (int) (lowest >>> 32)) merge(part);
        }
        for (int part = 0; part < token.length; part = next[part]) ids.accept(token[part]);
    }

    private void merge(int part) {
        int absorbed = next[part];
        token[part] = pairs.product(pairRank[part]);
        pairRank[absorbed] = BytePairs.NO_MERGE;
        next[part] = next[absorbed];
        previous[next[part]] = part;
        offer(part);
        if (previous[part] >= 0) offer(previous[part]);
    }

    /** Queues a part's pair with the next part if it merges. */
    private void offer(int part) {
        int second = next[part];
        pairRank[part] = second == token.length ? BytePairs.NO_MERGE : pairs.rank(token[part], token[second]);
        if (pairRank[part] >= limit) pairRank[part] = BytePairs.NO_MERGE;
        if (pairRank[part] != BytePairs.NO_MERGE) queue.add((long) pairRank[part] << 32 | part);
    }
}
