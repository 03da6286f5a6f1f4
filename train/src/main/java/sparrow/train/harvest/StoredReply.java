package sparrow.train.harvest;

import java.util.stream.IntStream;
import sparrow.engine.interleave.Modality;
import sparrow.tensor.Tensor;

/**
 * One reply of a store.
 *
 * @param rows rows of the batch that contains the reply
 * @param number number of the reply's prompt, counted from 0
 * @param key key of the reply's prompt ({@link HarvestPrompt#key})
 * @param from index of the reply's first row
 * @param positions number of positions in the reply, at least 1
 */
public record StoredReply(HarvestRows rows, int number, long key, int from, int positions) {
    private int integer(String tensor, int position, int column) {
        return rows.integer(tensor, (long) rows.columns(tensor) * (from + position) + column);
    }

    /** Returns a tensor's rows at the positions of the reply. */
    Tensor part(String tensor) {
        return rows.part(tensor, from, positions);
    }

    /** Returns the modality that a position was expected to decide. */
    public Modality modality(int position) {
        return integer(StoreMetadata.MODALITY, position, 0) == 0 ? Modality.TEXT : Modality.SPEECH;
    }

    /** Returns whether a position decided a frame. */
    public boolean isFrame(int position) {
        return token(position) == HarvestRows.NONE;
    }

    /** Returns the codes of the frame that followed. */
    public int[] codes(int position) {
        return IntStream.range(0, rows.columns(StoreMetadata.CODES))
                .map(codebook -> integer(StoreMetadata.CODES, position, codebook))
                .toArray();
    }

    /** Returns the token that followed, or a negative number if a frame followed. */
    public int token(int position) {
        return integer(StoreMetadata.TOKENS, position, 0);
    }

    /** Returns the last layer's greedy choice. A different token may have been sampled. */
    public int choice(int position) {
        return integer(StoreMetadata.CHOICES, position, 0);
    }

    /** Writes the hidden state after a layer, [width], to {@code to}, starting at {@code offset}. */
    public void state(int layer, int position, float[] to, int offset) {
        rows.state(layer, from + position, to, offset);
    }

    /** Returns the token at index {@code i}, counted from 0, of a position's likeliest tokens. */
    public int topToken(int position, int i) {
        return integer(StoreMetadata.TOP_IDS, position, i);
    }

    /** Returns the natural logarithm of the probability of {@link #topToken}. */
    public float topLog(int position, int i) {
        return rows.number(StoreMetadata.TOP_LOGS, (long) rows.columns(StoreMetadata.TOP_LOGS) * (from + position) + i);
    }

    /** Returns the total probability of all tokens that are not among the likeliest. */
    public float others(int position) {
        return rows.number(StoreMetadata.OTHERS, from + position);
    }
}
