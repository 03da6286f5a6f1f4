package sparrow.formats.text;

import java.util.List;
import java.util.function.IntConsumer;

/**
 * Byte-pair encoding: which neighbouring tokens of a piece become one, and in what order. Of all pairs that merge, the
 * one of lowest rank does so first, the leftmost on ties; see {@link Merging}.
 */
sealed interface BytePairs permits TokenRanks, ListedMerges {
    /** The rank of a pair that does not merge: above all ranks. */
    int NO_MERGE = Integer.MAX_VALUE;

    /** Hands the ids of a piece to {@code ids}, in order. */
    void encode(byte[] piece, IntConsumer ids);

    /** The rank of two neighbours, or {@link #NO_MERGE}. */
    int rank(int left, int right);

    /** The token that a pair of this rank becomes. */
    int product(int rank);

    /** The encoding as a list of merges, the first to be applied first. */
    List<Tokenizer.Merge> merges();
}
