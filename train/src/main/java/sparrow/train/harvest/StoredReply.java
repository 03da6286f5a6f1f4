package sparrow.train.harvest;

import java.util.stream.IntStream;
import sparrow.engine.interleave.Modality;
import sparrow.tensor.Tensor;

/**
 * One reply of a store, position by position.
 *
 * @param rows rows of the batch that contains the reply
 * @param number number of the reply's prompt, from 0
 * @param key key of the reply's prompt ({@link HarvestPrompt#key})
 * @param from index of the reply's first row
 * @param positions number of positions of the reply, one or more
 */
public record StoredReply(HarvestRows rows, int number, long key, int from, int positions) {
    private int integer(String tensor, int position, int column) {
        return rows.integer(tensor, (long) rows.columns(tensor) * (from + position) + column);
    }

    /** The rows of a tensor at the positions of the reply. */
    Tensor part(String tensor) {
        return rows.part(tensor, from, positions);
    }

    /** The modality that a position was expected to decide. */
    public Modality modality(int position) {
        return integer(StoreMetadata.MODALITY, position, 0) == 0 ? Modality.TEXT : Modality.SPEECH;
    }

    /** True if a position decided a frame. */
    public boolean isFrame(int position) {
        return token(position) == HarvestRows.NONE;
    }

    /** The codes of the frame that followed. */
    public int[] codes(int position) {
        return IntStream.range(0, rows.columns(StoreMetadata.CODES))
                .map(codebook -> integer(StoreMetadata.CODES, position, codebook))
                .toArray();
    }

    /** The token that followed; negative if a frame did. */
    public int token(int position) {
        return integer(StoreMetadata.TOKENS, position, 0);
    }

    /** The last layer's greedy choice; another token may have been sampled. */
    public int choice(int position) {
        return integer(StoreMetadata.CHOICES, position, 0);
    }

    /** Writes the hidden state after a layer, [width], to {@code to} from {@code offset} on. */
    public void state(int layer, int position, float[] to, int offset) {
        rows.state(layer, from + position, to, offset);
    }

    /** Token of place {@code i} among the likeliest, from 0. */
    public int topToken(int position, int i) {
        return integer(StoreMetadata.TOP_IDS, position, i);
    }

    /** Natural logarithm of the probability of {@link #topToken}. */
    public float topLog(int position, int i) {
        return rows.number(StoreMetadata.TOP_LOGS, (long) rows.columns(StoreMetadata.TOP_LOGS) * (from + position) + i);
    }

    /** Probability of all tokens that are not among the likeliest. */
    public float others(int position) {
        return rows.number(StoreMetadata.OTHERS, from + position);
    }
}
