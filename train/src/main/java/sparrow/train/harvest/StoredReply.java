package sparrow.train.harvest;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sparrow.engine.interleave.Modality;
import sparrow.tensor.Tensor;

/**
 * One reply of a store, position by position.
 *
 * @param rows of a batch
 * @param number of its prompt, from 0
 * @param key of its prompt ({@link HarvestPrompt#key})
 * @param from its first row
 * @param positions of the reply, one or more
 */
public record StoredReply(HarvestRows rows, int number, long key, int from, int positions) {
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private MemorySegment data(String tensor) {
        return rows.tensors().get(tensor).data();
    }

    private int integer(String tensor, int columns, int position, int column) {
        return data(tensor).get(I32, 4 * ((long) columns * (from + position) + column));
    }

    private float number(String tensor, int columns, int position, int column) {
        return data(tensor).get(F32, 4 * ((long) columns * (from + position) + column));
    }

    /** The modality that a position was expected to decide. */
    public Modality modality(int position) {
        return integer(HarvestLayout.MODALITY, 1, position, 0) == 0 ? Modality.TEXT : Modality.SPEECH;
    }

    /** True if a position decided a frame. */
    public boolean isFrame(int position) {
        return rows.layout().codebooks() > 0 && modality(position) == Modality.SPEECH;
    }

    /** The codes of the frame that followed. */
    public int[] codes(int position) {
        int codebooks = rows.layout().codebooks();
        return IntStream.range(0, codebooks)
                .map(codebook -> integer(HarvestLayout.CODES, codebooks, position, codebook))
                .toArray();
    }

    public int token(int position) {
        return integer(HarvestLayout.TOKENS, 1, position, 0);
    }

    /** The last layer's greedy choice; another token may have been sampled. */
    public int choice(int position) {
        return integer(HarvestLayout.CHOICES, 1, position, 0);
    }

    /** Writes the hidden state after a layer, [width], to {@code to} from {@code offset} on. */
    public void state(int layer, int position, float[] to, int offset) {
        int width = rows.layout().width();
        float scale = number(HarvestLayout.scales(layer), 1, position, 0);
        MemorySegment states = data(HarvestLayout.states(layer));
        long at = 2L * width * (from + position);
        for (int c = 0; c < width; c++) to[offset + c] = HalfRows.value(states.get(I16, at + 2L * c), scale);
    }

    /** Token of place {@code i} among the likeliest, from 0. */
    public int topToken(int position, int i) {
        return integer(HarvestLayout.TOP_IDS, rows.layout().top(), position, i);
    }

    /** Natural logarithm of its probability. */
    public float topLog(int position, int i) {
        return number(HarvestLayout.TOP_LOGS, rows.layout().top(), position, i);
    }

    /** Probability of all tokens that are not among the likeliest. */
    public float others(int position) {
        return number(HarvestLayout.OTHERS, 1, position, 0);
    }

    /** The reply's own rows of a tensor. */
    Tensor part(String tensor) {
        Tensor whole = rows.tensors().get(tensor);
        long row = whole.data().byteSize() / rows.positions();
        List<Integer> shape = Stream.concat(
                        Stream.of(positions), whole.shape().stream().skip(1))
                .toList();
        return new Tensor(whole.data().asSlice(from * row, positions * row), whole.dtype(), shape);
    }
}
