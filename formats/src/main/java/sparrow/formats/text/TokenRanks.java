package sparrow.formats.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Byte-pair encoding as in tiktoken. Two tokens merge if their concatenation is a token, whose id is the rank. A piece
 * that is a token is encoded as that token, even if no merges produce it.
 */
record TokenRanks(Vocabulary vocabulary, int longestToken) implements BytePairs {
    TokenRanks(Vocabulary vocabulary) {
        this(vocabulary, vocabulary.longestToken());
    }

    @Override
    public void encode(byte[] piece, IntConsumer ids) {
        int whole = vocabulary.id(piece);
        if (whole != Vocabulary.NO_ID) {
            ids.accept(whole);
        } else {
            new Merging(vocabulary.byteIds(piece), this, NO_MERGE).run(ids);
        }
    }

    @Override
    public int rank(int left, int right) {
        String first = vocabulary.latin1(left);
        String second = vocabulary.latin1(right);
        if (first.length() + second.length() > longestToken) return NO_MERGE;
        return vocabulary.id(first.concat(second)); // NO_ID and NO_MERGE are equal
    }

    @Override
    public int product(int rank) {
        return rank;
    }

    /** Returns merges for all tokens that result from merging two other tokens. */
    @Override
    public List<Tokenizer.Merge> merges() {
        List<Tokenizer.Merge> merges = new ArrayList<>();
        for (int rank : vocabulary.ids()) {
            int[] parts = lastParts(rank);
            if (parts.length == 2) {
                merges.add(new Tokenizer.Merge(vocabulary.bytes(parts[0]), vocabulary.bytes(parts[1])));
            }
        }
        return merges;
    }

    /**
     * Returns the parts of a token before its last merge. These parts result from merging the token's bytes only with
     * lower ranks.
     */
    int[] lastParts(int token) {
        IntStream.Builder ids = IntStream.builder();
        new Merging(vocabulary.byteIds(vocabulary.bytes(token)), this, token).run(ids::add);
        return ids.build().toArray();
    }
}
