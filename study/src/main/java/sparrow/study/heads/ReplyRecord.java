package sparrow.study.heads;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntFunction;
import sparrow.engine.interleave.Modality;
import sparrow.engine.reply.Step;

/**
 * What a store keeps of one reply.
 *
 * @param positions of the reply, one or more
 * @param bytes as {@link RecordLayout} lays them out
 */
record ReplyRecord(int positions, byte[] bytes) {
    /**
     * Makes the record.
     *
     * @param steps of the reply
     * @param states hidden states at its positions, by layer
     * @param last what the last layer says there
     */
    static ReplyRecord of(
            RecordLayout layout,
            List<Step> steps,
            IntFunction<List<float[]>> states,
            List<LastLayer.Distribution> last) {
        int n = steps.size();
        ByteBuffer record =
                ByteBuffer.allocate(Math.toIntExact(layout.bytes(n))).order(ByteOrder.LITTLE_ENDIAN);
        for (Step step : steps) record.put((byte) (step.modality() == Modality.TEXT ? 0 : 1));
        for (Step step : steps) record.putInt(step.token());
        for (LastLayer.Distribution distribution : last) record.putInt(distribution.choice());
        for (int layer : layout.layers()) put(states.apply(layer), record);
        if (layout.top() > 0) {
            for (LastLayer.Distribution distribution : last) {
                for (int token : distribution.tokens()) record.putInt(token);
            }
            for (LastLayer.Distribution distribution : last) {
                for (float log : distribution.logs()) record.putFloat(log);
            }
            for (LastLayer.Distribution distribution : last) record.putFloat(distribution.others());
        }
        return new ReplyRecord(n, record.array());
    }

    private static void put(List<float[]> states, ByteBuffer record) {
        byte[] exponents = new byte[states.size()];
        for (int at = 0; at < exponents.length; at++) exponents[at] = HalfRows.exponent(states.get(at));
        record.put(exponents);
        for (int at = 0; at < exponents.length; at++) HalfRows.put(states.get(at), exponents[at], record);
    }
}
