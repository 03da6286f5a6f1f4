package sparrow.formats.text;

import java.util.List;
import java.util.function.IntConsumer;

/**
 * Byte-pair encoding, which defines the adjacent tokens of a piece that merge and the order of merges. The pair with
 * the lowest rank merges first; if several pairs have this rank, the leftmost pair merges first. See {@link Merging}.
 */
sealed interface BytePairs permits TokenRanks, ListedMerges {
    /** The rank of a pair that does not merge, which is greater than all other ranks. */
    int NO_MERGE = Integer.MAX_VALUE;

    /** Passes the ids of a piece to {@code ids} in order. */
    void encode(byte[] piece, IntConsumer ids);

    /** Returns the rank of two adjacent tokens, or {@link #NO_MERGE} if they do not merge. */
    int rank(int left, int right);

    /** Returns the token that results from merging the pair with this rank. */
    int product(int rank);

    /** Returns the encoding as a list of merges, in the order in which they apply. */
    List<Tokenizer.Merge> merges();
}
