package sparrow.engine.decode;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sparrow.engine.transformer.Span;

/**
 * The tokens of a sequence, and the hidden states that stand in place of some of their embeddings: all that its keys and
 * values depend on.
 */
final class TokenList {
    private final int width;
    private int[] tokens = new int[64];
    private int length;

    /** By place in the list; a token without an entry has its own embedding. */
    private final Map<Integer, Embedding> embeddings = new HashMap<>();

    /** One position's hidden state before layer 1, [width] from {@code offset} on. */
    private record Embedding(float[] values, int offset) {}

    /**
     * @param width channels of a position
     */
    TokenList(int width) {
        this.width = width;
    }

    TokenList copy() {
        TokenList copy = new TokenList(width);
        copy.tokens = tokens.clone();
        copy.length = length;
        copy.embeddings.putAll(embeddings);
        return copy;
    }

    int length() {
        return length;
    }

    int[] toArray() {
        return Arrays.copyOf(tokens, length);
    }

    int last() {
        return tokens[length - 1];
    }

    void add(int token) {
        if (length == tokens.length) tokens = Arrays.copyOf(tokens, 2 * length);
        tokens[length++] = token;
    }

    /** Adds a token whose embedding is replaced by [width] values from {@code offset} on, which are kept, not copied. */
    void add(int token, float[] values, int offset) {
        embeddings.put(length, new Embedding(values, offset));
        add(token);
    }

    /** Forgets all but the first tokens. */
    void truncate(int to) {
        length = to;
        embeddings.keySet().removeIf(at -> at >= to);
    }

    /** Forgets all but the tokens of some spans, which move together. */
    void keep(List<Span> kept) {
        Map<Integer, Embedding> before = Map.copyOf(embeddings);
        embeddings.clear();
        int to = 0;
        for (Span span : kept) {
            for (int at = span.first(); at < span.end(); at++, to++) {
                tokens[to] = tokens[at];
                if (before.containsKey(at)) embeddings.put(to, before.get(at));
            }
        }
        length = to;
    }

    /** Gives a token of the list to a sequence as its next position, with what stands in place of its embedding. */
    void append(int at, Sequence sequence) {
        Embedding own = embeddings.get(at);
        if (own == null) sequence.append(tokens[at]);
        else sequence.append(tokens[at], own.values, own.offset);
    }

    /** How many leading tokens are those of another list, what stands in place of their embeddings included. */
    int commonPrefix(int[] others, List<PromptEmbeddings> othersEmbeddings) {
        int most = Math.min(length, others.length);
        int same = 0;
        while (same < most && tokens[same] == others[same] && sameEmbedding(same, othersEmbeddings)) same++;
        return same;
    }

    private boolean sameEmbedding(int at, List<PromptEmbeddings> others) {
        Embedding mine = embeddings.get(at);
        Optional<PromptEmbeddings> its = PromptEmbeddings.covering(others, at, width);
        if (mine == null || its.isEmpty()) return mine == null && its.isEmpty();
        int offset = its.get().offset(at, width);
        return Arrays.equals(
                mine.values, mine.offset, mine.offset + width, its.get().values(), offset, offset + width);
    }

    /** The ids that occur. */
    BitSet ids() {
        BitSet ids = new BitSet();
        for (int i = 0; i < length; i++) ids.set(tokens[i]);
        return ids;
    }
}
