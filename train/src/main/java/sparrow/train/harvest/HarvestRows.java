package sparrow.train.harvest;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.formats.weights.TensorDescription;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/**
 * The harvest of some positions, in memory or in a file.
 *
 * @param tensors by name, in the order of the layout
 */
record HarvestRows(HarvestLayout layout, int positions, SequencedMap<String, Tensor> tensors) {
    /** Stands for a token where a frame is, and for a code where none is. */
    static final int NONE = -1;

    HarvestRows {
        tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
    }

    /** The tensors of a layout from wherever they lie. */
    static HarvestRows of(HarvestLayout layout, int positions, Function<TensorDescription, Tensor> tensors) {
        SequencedMap<String, Tensor> named = new LinkedHashMap<>();
        for (TensorDescription one : layout.tensors(positions)) named.put(one.name(), tensors.apply(one));
        return new HarvestRows(layout, positions, named);
    }

    /**
     * Those of one reply.
     *
     * @param steps of the reply, one or more
     * @param states hidden states at its positions, by layer
     * @param last distributions of the last layer there
     * @throws ArithmeticException if a state is not finite
     */
    static HarvestRows of(
            HarvestLayout layout,
            List<Step> steps,
            IntFunction<List<float[]>> states,
            List<LastLayer.Distribution> last) {
        int n = steps.size();
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(HarvestLayout.MODALITY, integers(n, at -> steps.get(at).modality() == Modality.TEXT ? 0 : 1));
        tensors.put(
                HarvestLayout.TOKENS,
                integers(n, at -> steps.get(at).unit() instanceof Unit.Token(int id) ? id : NONE));
        tensors.put(
                HarvestLayout.CHOICES,
                integers(
                        n,
                        at -> steps.get(at).unit() instanceof Unit.Token
                                ? last.get(at).choice()
                                : NONE));
        for (int layer : layout.layers()) add(layer, states.apply(layer), layout.width(), tensors);
        if (layout.top() > 0) {
            ByteBuffer ids = bytes(4L * n * layout.top());
            ByteBuffer logs = bytes(4L * n * layout.top());
            ByteBuffer others = bytes(4L * n);
            for (LastLayer.Distribution distribution : last) {
                for (int token : distribution.tokens()) ids.putInt(token);
                for (float log : distribution.logs()) logs.putFloat(log);
                others.putFloat(distribution.others());
            }
            tensors.put(HarvestLayout.TOP_IDS, tensor(ids, DType.I32, n, layout.top()));
            tensors.put(HarvestLayout.TOP_LOGS, tensor(logs, DType.F32, n, layout.top()));
            tensors.put(HarvestLayout.OTHERS, tensor(others, DType.F32, n));
        }
        if (layout.codebooks() > 0) {
            ByteBuffer codes = bytes(4L * n * layout.codebooks());
            for (Step step : steps) {
                for (int codebook = 0; codebook < layout.codebooks(); codebook++) {
                    codes.putInt(step.unit() instanceof Unit.Frame(List<Integer> own) ? own.get(codebook) : NONE);
                }
            }
            tensors.put(HarvestLayout.CODES, tensor(codes, DType.I32, n, layout.codebooks()));
        }
        return new HarvestRows(layout, n, tensors);
    }

    private static Tensor integers(int n, IntUnaryOperator at) {
        return Tensor.of(IntStream.range(0, n).map(at).toArray(), n);
    }

    private static void add(int layer, List<float[]> states, int width, Map<String, Tensor> tensors) {
        float[] scales = new float[states.size()];
        ByteBuffer halves = bytes(2L * states.size() * width);
        for (int at = 0; at < scales.length; at++) {
            scales[at] = HalfRows.scale(states.get(at));
            HalfRows.put(states.get(at), scales[at], halves);
        }
        tensors.put(HarvestLayout.scales(layer), Tensor.of(scales, scales.length));
        tensors.put(HarvestLayout.states(layer), tensor(halves, DType.F16, scales.length, width));
    }

    private static ByteBuffer bytes(long count) {
        return ByteBuffer.allocate(Math.toIntExact(count)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Tensor tensor(ByteBuffer bytes, DType dtype, Integer... shape) {
        return new Tensor(MemorySegment.ofArray(bytes.array()), dtype, List.of(shape));
    }
}
