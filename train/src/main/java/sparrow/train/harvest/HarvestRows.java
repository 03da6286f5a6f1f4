package sparrow.train.harvest;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.formats.weights.TensorDescription;
import sparrow.tensor.Tensor;

/**
 * The harvested data of positions, in memory or in a mapped file.
 *
 * <p>A hidden state is divided by a power of two that brings its largest value near the top of f16's range, and then
 * stored as f16. The residual stream of large models has channels that unscaled f16 numbers cannot represent. Every
 * value whose magnitude is at least 2^-28 times the largest magnitude has f16's eleven bits of precision.
 *
 * @param tensors tensors by name, in the order of {@link StoreMetadata#tensors}
 */
record HarvestRows(int positions, SequencedMap<String, Tensor> tensors) {
    /** Token of a position that decided a frame, and code of a position that decided no frame. */
    static final int NONE = -1;

    /** The largest value of a state is stored between 2^14 and 2^15. */
    private static final int TOP = 14;

    /** Exponent below which a state is practically zero and the power of two would be outside f32's normal range. */
    private static final int SMALLEST = -100;

    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Returns rows whose tensors are supplied by a function. */
    static HarvestRows of(StoreMetadata store, int positions, Function<TensorDescription, Tensor> tensors) {
        SequencedMap<String, Tensor> named = new LinkedHashMap<>();
        for (TensorDescription one : store.tensors(positions)) named.put(one.name(), tensors.apply(one));
        return new HarvestRows(positions, named);
    }

    /**
     * Returns the rows of one reply.
     *
     * @param steps steps of the reply, at least 1
     * @param states hidden states at the reply's positions, by layer
     * @param last the last layer's distributions at the reply's positions
     * @throws ArithmeticException if a state is not finite
     */
    static HarvestRows of(
            StoreMetadata store,
            List<Step> steps,
            IntFunction<List<float[]>> states,
            List<LastLayer.Distribution> last) {
        SequencedMap<String, ByteBuffer> rows = new LinkedHashMap<>();
        for (TensorDescription tensor : store.tensors(steps.size())) {
            rows.put(tensor.name(), buffer(tensor.bytes()));
        }
        for (int at = 0; at < steps.size(); at++) {
            Step step = steps.get(at);
            LastLayer.Distribution distribution = last.get(at);
            boolean token = step.unit() instanceof Unit.Token;
            rows.get(StoreMetadata.MODALITY).putInt(step.modality() == Modality.TEXT ? 0 : 1);
            rows.get(StoreMetadata.TOKENS).putInt(step.unit() instanceof Unit.Token(int id) ? id : NONE);
            rows.get(StoreMetadata.CHOICES).putInt(token ? distribution.choice() : NONE);
            if (!store.targets().areExact()) {
                for (int id : distribution.tokens())
                    rows.get(StoreMetadata.TOP_IDS).putInt(id);
                for (float log : distribution.logs())
                    rows.get(StoreMetadata.TOP_LOGS).putFloat(log);
                rows.get(StoreMetadata.OTHERS).putFloat(distribution.others());
            }
            for (int codebook = 0; codebook < store.codebooks(); codebook++) {
                rows.get(StoreMetadata.CODES)
                        .putInt(step.unit() instanceof Unit.Frame(List<Integer> codes) ? codes.get(codebook) : NONE);
            }
        }
        for (int layer : store.storedLayers()) {
            for (float[] state : states.apply(layer)) {
                float scale = scale(state);
                rows.get(StoreMetadata.scales(layer)).putFloat(scale);
                put(state, scale, rows.get(StoreMetadata.states(layer)));
            }
        }
        return of(
                store,
                steps.size(),
                tensor -> new Tensor(
                        MemorySegment.ofArray(rows.get(tensor.name()).array()), tensor.dtype(), tensor.shape()));
    }

    private static ByteBuffer buffer(long bytes) {
        return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Returns the power of two by which a state is divided.
     *
     * @throws ArithmeticException if a value is not finite
     */
    static float scale(float[] state) {
        float largest = 0;
        for (float value : state) {
            if (!Float.isFinite(value)) throw new ArithmeticException("hidden state: " + value);
            largest = Math.max(largest, Math.abs(value));
        }
        return Math.scalb(1f, Math.max(SMALLEST, Math.getExponent(largest) - TOP));
    }

    /** Writes state / scale as f16. */
    static void put(float[] state, float scale, ByteBuffer to) {
        // Multiplication by the inverse is exact because the scale is a power of two.
        float inverse = 1 / scale;
        for (float value : state) to.putShort(Float.floatToFloat16(value * inverse));
    }

    private MemorySegment data(String tensor) {
        return tensors.get(tensor).data();
    }

    /** Returns the number of columns of a tensor, or 1 for a vector. */
    int columns(String tensor) {
        List<Integer> shape = tensors.get(tensor).shape();
        return shape.size() == 1 ? 1 : shape.get(1);
    }

    int integer(String tensor, long element) {
        return data(tensor).get(I32, 4 * element);
    }

    float number(String tensor, long element) {
        return data(tensor).get(F32, 4 * element);
    }

    /** Copies the f16 numbers of a stored state without scaling them. */
    void halves(int layer, int position, short[] to) {
        MemorySegment.copy(data(StoreMetadata.states(layer)), I16, 2L * to.length * position, to, 0, to.length);
    }

    /** Writes the hidden state after a layer, [width], to {@code to}, starting at {@code offset}. */
    void state(int layer, int position, float[] to, int offset) {
        int width = columns(StoreMetadata.states(layer));
        float scale = number(StoreMetadata.scales(layer), position);
        MemorySegment states = data(StoreMetadata.states(layer));
        long at = 2L * width * position;
        for (int c = 0; c < width; c++) to[offset + c] = Float.float16ToFloat(states.get(I16, at + 2L * c)) * scale;
    }

    /** Returns a tensor's rows for a range of positions. */
    Tensor part(String tensor, int from, int count) {
        Tensor whole = tensors.get(tensor);
        long row = whole.data().byteSize() / positions;
        List<Integer> shape = whole.shape().size() == 1 ? List.of(count) : List.of(count, columns(tensor));
        return new Tensor(whole.data().asSlice(from * row, count * row), whole.dtype(), shape);
    }
}
