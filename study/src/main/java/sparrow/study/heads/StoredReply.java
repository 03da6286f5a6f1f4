package sparrow.study.heads;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import sparrow.engine.interleave.Modality;

/**
 * One reply of a store, position by position.
 *
 * @param data the record
 * @param header what came before it
 */
record StoredReply(MemorySegment data, RecordHeader header, RecordLayout layout) {
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    int positions() {
        return header.positions();
    }

    /** What a position was expected to decide. */
    Modality modality(int position) {
        return data.get(ValueLayout.JAVA_BYTE, position) == 0 ? Modality.TEXT : Modality.SPEECH;
    }

    /** The token that followed. */
    int token(int position) {
        return data.get(I32, layout.token(positions(), position));
    }

    /** The last layer's greedy choice, whatever was sampled. */
    int choice(int position) {
        return data.get(I32, layout.choice(positions(), position));
    }

    /**
     * Writes a hidden state, [width], to {@code to} from {@code offset} on.
     *
     * @param index of the layer among those of the layout
     */
    void state(int index, int position, float[] to, int offset) {
        int n = positions();
        float scale = Math.scalb(1f, data.get(ValueLayout.JAVA_BYTE, layout.exponent(n, index, position)));
        long at = layout.state(n, index, position);
        for (int c = 0; c < layout.width(); c++) to[offset + c] = HalfRows.value(data.get(I16, at + 2L * c), scale);
    }

    /** Token of place {@code i} among the likeliest, from 0. */
    int topToken(int position, int i) {
        return data.get(I32, layout.topTokens(positions(), position) + 4L * i);
    }

    /** Natural logarithm of its probability. */
    float topLog(int position, int i) {
        return data.get(F32, layout.topLogs(positions(), position) + 4L * i);
    }

    /** Probability of all tokens that are not among the likeliest. */
    float others(int position) {
        return data.get(F32, layout.others(positions(), position));
    }
}
