package sparrow.formats.text;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.function.IntConsumer;

/**
 * Merges the tokens of one piece until no pair is left that merges, the lowest rank first, the leftmost on ties. Pairs
 * wait in a heap, so that a piece of n bytes takes n log n steps. The parts are a linked list; a part is named by the
 * index of its first byte.
 */
final class Merging {
    private final BytePairs pairs;
    /** Ranks from this one on do not merge. */
    private final int limit;

    /** The token that a part is. */
    private final int[] token;

    private final int[] next;
    private final int[] previous;
    /** Rank of a part together with the next one. */
    private final int[] pairRank;
    /** Rank in the upper half, part in the lower: the lowest rank first, then the leftmost. */
    private final PriorityQueue<Long> waiting = new PriorityQueue<>();

    /** @param tokens one for each byte of the piece; they change */
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
        while (!waiting.isEmpty()) {
            long lowest = waiting.remove();
            int part = (int) lowest;
            // A rank stands for what it makes of which bytes, so an entry is out of date exactly if the ranks differ.
            if (pairRank[part] == (int) (lowest >>> 32)) merge(part);
        }
        for (int part = 0; part < token.length; part = next[part]) ids.accept(token[part]);
    }

    private void merge(int part) {
        int swallowed = next[part];
        token[part] = pairs.product(pairRank[part]);
        pairRank[swallowed] = BytePairs.NO_MERGE;
        next[part] = next[swallowed];
        previous[next[part]] = part;
        offer(part);
        if (previous[part] >= 0) offer(previous[part]);
    }

    /** Notes what the part and the next one would make together. */
    private void offer(int part) {
        int second = next[part];
        pairRank[part] = second == token.length ? BytePairs.NO_MERGE : pairs.rank(token[part], token[second]);
        if (pairRank[part] >= limit) pairRank[part] = BytePairs.NO_MERGE;
        if (pairRank[part] != BytePairs.NO_MERGE) waiting.add((long) pairRank[part] << 32 | part);
    }
}
