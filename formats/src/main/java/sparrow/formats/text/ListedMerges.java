package sparrow.formats.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Byte-pair encoding by a list of merges, as GPT-2 and its heirs do it: two tokens merge if the list has the pair, whose
 * place in it is the rank. Two ways to make one token are two merges, and a token that no merge leads to never appears.
 */
final class ListedMerges implements BytePairs {
    private final Vocabulary vocabulary;
    private final boolean wholeTokens;
    private final Map<Pair, Integer> rankOf = new HashMap<>();
    private final List<Pair> pairs = new ArrayList<>();
    private final List<Integer> products = new ArrayList<>();

    /** Comparable, so that a map finds pairs quickly even where a file was made to give all of them one hash. */
    private record Pair(int left, int right) implements Comparable<Pair> {
        @Override
        public int compareTo(Pair other) {
            return left != other.left ? Integer.compare(left, other.left) : Integer.compare(right, other.right);
        }
    }

    /** An empty list, in which nothing merges. */
    ListedMerges(Vocabulary vocabulary) {
        this(vocabulary, false);
    }

    /**
     * An empty list, in which nothing merges.
     *
     * @param wholeTokens whether a piece that is a token becomes that token, whatever its merges would make of it
     */
    ListedMerges(Vocabulary vocabulary, boolean wholeTokens) {
        this.vocabulary = vocabulary;
        this.wholeTokens = wholeTokens;
    }

    /**
     * Adds a merge after those that are there.
     *
     * @param left name of a token in the {@link ByteAlphabet}, and so is {@code right}
     * @throws IllegalArgumentException if one of the two or their concatenation is no token, or the list has the merge
     */
    void add(String left, String right) {
        Pair pair = new Pair(token(left), token(right));
        if (rankOf.putIfAbsent(pair, pairs.size()) != null) {
            throw new IllegalArgumentException("the merge of " + left + " and " + right + " occurs twice");
        }
        pairs.add(pair);
        products.add(token(left + right));
    }

    private int token(String name) {
        int id = vocabulary.id(ByteAlphabet.read(name));
        if (id == Vocabulary.NO_ID) {
            throw new IllegalArgumentException(
                    "expected a merge of two tokens into a third, but the vocabulary has no '" + name + "'");
        }
        return id;
    }

    @Override
    public void encode(byte[] piece, IntConsumer ids) {
        int whole = wholeTokens ? vocabulary.id(piece) : Vocabulary.NO_ID;
        if (whole == Vocabulary.NO_ID) new Merging(vocabulary.byteIds(piece), this, NO_MERGE).run(ids);
        else ids.accept(whole);
    }

    @Override
    public int rank(int left, int right) {
        return rankOf.getOrDefault(new Pair(left, right), NO_MERGE);
    }

    @Override
    public int product(int rank) {
        return products.get(rank);
    }

    @Override
    public List<Tokenizer.Merge> merges() {
        return pairs.stream()
                .map(pair -> new Tokenizer.Merge(vocabulary.bytes(pair.left), vocabulary.bytes(pair.right)))
                .toList();
    }
}
