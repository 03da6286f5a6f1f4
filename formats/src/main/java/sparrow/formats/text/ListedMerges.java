package sparrow.formats.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Byte-pair encoding with a list of merges, as in GPT-2. Two tokens merge if the list contains the pair, and its index
 * in the list is the rank. Several merges may produce the same token. A token that no merge produces never occurs.
 */
final class ListedMerges implements BytePairs {
    private final Vocabulary vocabulary;
    private final boolean wholeTokens;
    private final Map<Pair, Integer> rankOf = new HashMap<>();
    private final List<Pair> pairs = new ArrayList<>();
    private final List<Integer> products = new ArrayList<>();

    /**
     * A pair of tokens. It is comparable so that a map finds pairs quickly even if all of them have the same hash
     * because of a malicious file.
     */
    private record Pair(int left, int right) implements Comparable<Pair> {
        @Override
        public int compareTo(Pair other) {
            return left != other.left ? Integer.compare(left, other.left) : Integer.compare(right, other.right);
        }
    }

    /** Creates an empty list. No tokens merge until merges are added. */
    ListedMerges(Vocabulary vocabulary) {
        this(vocabulary, false);
    }

    /**
     * Creates an empty list. No tokens merge until merges are added.
     *
     * @param wholeTokens whether a piece that is a token becomes that token, regardless of merges
     */
    ListedMerges(Vocabulary vocabulary, boolean wholeTokens) {
        this.vocabulary = vocabulary;
        this.wholeTokens = wholeTokens;
    }

    /**
     * Appends a merge.
     *
     * @param left name of the left token in the {@link ByteAlphabet}
     * @param right name of the right token in the {@link ByteAlphabet}
     * @throws IllegalArgumentException if one of the tokens or their concatenation does not exist, or if the list
     *     already contains the merge
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
