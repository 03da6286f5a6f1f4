package sparrow.engine.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Byte-pair encoding by rank, as tiktoken does it: of all adjacent pairs whose concatenation is a token, the one of
 * lowest rank merges first, the leftmost on ties. Pairs wait in a heap, so that a piece of n bytes takes n log n steps.
 */
final class BytePairs {
    private static final int NO_MERGE = Integer.MAX_VALUE;

    /** Keys are bytes read as Latin-1: a compact array that knows its hash. */
    private final Map<String, Integer> rankOf = new HashMap<>();

    private final int longestToken;

    /** @param tokens bytes of each token by rank; every single byte has to be among them */
    BytePairs(Map<Integer, byte[]> tokens) {
        tokens.forEach((rank, bytes) -> rankOf.put(key(bytes, 0, bytes.length), rank));
        longestToken =
                tokens.values().stream().mapToInt(bytes -> bytes.length).max().orElse(0);
    }

    /** Hands the ids of the piece to {@code ids}, in order. */
    void encode(byte[] piece, IntConsumer ids) {
        int whole = rank(piece, 0, piece.length);
        if (whole != NO_MERGE) {
            ids.accept(whole);
        } else {
            new Merging(piece, NO_MERGE).run(ids);
        }
    }

    /** What a token consists of just before the merge that makes it: the ids that lower ranks leave of its bytes. */
    int[] lastParts(byte[] token, int rank) {
        IntStream.Builder ids = IntStream.builder();
        new Merging(token, rank).run(ids::add);
        return ids.build().toArray();
    }

    private int rank(byte[] piece, int from, int to) {
        if (to - from > longestToken) return NO_MERGE;
        return rankOf.getOrDefault(key(piece, from, to), NO_MERGE);
    }

    private static String key(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** The parts of one piece as a linked list; a part is named by the index of its first byte. */
    private final class Merging {
        private final byte[] piece;
        /** Ranks from this one on do not merge. */
        private final int limit;

        private final int[] next;
        private final int[] previous;
        /** Rank of a part together with the next one. */
        private final int[] pairRank;
        /** Rank in the upper half, part in the lower: the lowest rank first, then the leftmost. */
        private final PriorityQueue<Long> waiting = new PriorityQueue<>();

        Merging(byte[] piece, int limit) {
            this.piece = piece;
            this.limit = limit;
            int length = piece.length;
            next = new int[length + 1];
            previous = new int[length + 1];
            pairRank = new int[length];
            Arrays.setAll(next, i -> i + 1);
            Arrays.setAll(previous, i -> i - 1);
            for (int i = 0; i < length; i++) offer(i);
        }

        void run(IntConsumer ids) {
            while (!waiting.isEmpty()) {
                long lowest = waiting.remove();
                int part = (int) lowest;
                // A rank stands for its bytes, so an entry is out of date exactly if the ranks differ.
                if (pairRank[part] == (int) (lowest >>> 32)) merge(part);
            }
            for (int part = 0; part < piece.length; part = next[part]) ids.accept(rank(piece, part, next[part]));
        }

        private void merge(int part) {
            int swallowed = next[part];
            pairRank[swallowed] = NO_MERGE;
            next[part] = next[swallowed];
            previous[next[part]] = part;
            offer(part);
            if (previous[part] >= 0) offer(previous[part]);
        }

        /** Notes what the part and the next one would make together. */
        private void offer(int part) {
            int second = next[part];
            pairRank[part] = second == piece.length ? NO_MERGE : rank(piece, part, next[second]);
            if (pairRank[part] >= limit) pairRank[part] = NO_MERGE;
            if (pairRank[part] != NO_MERGE) waiting.add((long) pairRank[part] << 32 | part);
        }
    }
}
