package sparrow.engine.decode;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sparrow.engine.head.Input;
import sparrow.engine.transformer.Span;

/**
 * The tokens of a sequence and the hidden states that replace some of the tokens' embeddings. Keys and values depend
 * only on these tokens and states.
 */
final class TokenList {
    private final int width;
    private int[] tokens = new int[64];
    private int length;

    /** Vectors by index in the list. A token without a vector has its own embedding. */
    private final Map<Integer, Input.Vector> vectors = new HashMap<>();

    /** @param width number of channels per position */
    TokenList(int width) {
        this.width = width;
    }

    TokenList copy() {
        TokenList copy = new TokenList(width);
        copy.tokens = tokens.clone();
        copy.length = length;
        copy.vectors.putAll(vectors);
        return copy;
    }

    int length() {
        return length;
    }

    int[] toArray() {
        return Arrays.copyOf(tokens, length);
    }

    void add(int token) {
        if (length == tokens.length) tokens = Arrays.copyOf(tokens, 2 * length);
        tokens[length++] = token;
    }

    void add(Input input) {
        if (input instanceof Input.Vector vector) vectors.put(length, vector);
        add(input.token());
    }

    /** Removes all tokens except the first {@code to}. */
    void truncate(int to) {
        length = to;
        vectors.keySet().removeIf(at -> at >= to);
    }

    /** Removes all tokens outside the given spans and closes the gaps. */
    void retain(List<Span> kept) {
        Map<Integer, Input.Vector> before = Map.copyOf(vectors);
        vectors.clear();
        int to = 0;
        for (Span span : kept) {
            for (int at = span.first(); at < span.end(); at++, to++) {
                tokens[to] = tokens[at];
                if (before.containsKey(at)) vectors.put(to, before.get(at));
            }
        }
        length = to;
    }

    /** Returns the input of the position at an index. */
    Input input(int at) {
        Input.Vector vector = vectors.get(at);
        return vector == null ? new Input.Token(tokens[at]) : vector;
    }

    /**
     * Returns the number of leading tokens that are the same in another list, including vectors that replace
     * embeddings.
     */
    int commonPrefix(int[] others, List<PromptEmbeddings> othersEmbeddings) {
        int max = Math.min(length, others.length);
        int same = 0;
        while (same < max && tokens[same] == others[same] && sameEmbedding(same, othersEmbeddings)) same++;
        return same;
    }

    private boolean sameEmbedding(int at, List<PromptEmbeddings> others) {
        Input.Vector vector = vectors.get(at);
        Optional<PromptEmbeddings> other = PromptEmbeddings.covering(others, at, width);
        if (vector == null || other.isEmpty()) return vector == null && other.isEmpty();
        int offset = other.get().offset(at, width);
        return Arrays.equals(
                vector.values(),
                vector.offset(),
                vector.offset() + width,
                other.get().values(),
                offset,
                offset + width);
    }

    /** Returns the ids in the list. */
    BitSet ids() {
        BitSet ids = new BitSet();
        for (int i = 0; i < length; i++) ids.set(tokens[i]);
        return ids;
    }
}
