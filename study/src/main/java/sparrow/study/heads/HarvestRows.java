package sparrow.study.heads;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.engine.tensor.DType;
import sparrow.engine.tensor.Tensor;
import sparrow.engine.weights.TensorDescription;

/**
 * The harvest of some positions, in memory or in a file.
 *
 * @param tensors in the order of the layout
 */
record HarvestRows(HarvestLayout layout, int positions, List<Tensor> tensors) {
    /** Stands for a token where a frame is, and for a code where none is. */
    static final int NONE = -1;

    HarvestRows {
        tensors = List.copyOf(tensors);
    }

    /** The tensors of a layout from wherever they lie. */
    static HarvestRows of(HarvestLayout layout, int positions, Function<TensorDescription, Tensor> tensors) {
        return new HarvestRows(
                layout,
                positions,
                layout.tensors(positions).stream().map(tensors).toList());
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
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(numbers(steps, step -> step.modality() == Modality.TEXT ? 0 : 1));
        tensors.add(numbers(steps, step -> step.unit() instanceof Unit.Token(int id) ? id : NONE));
        tensors.add(Tensor.of(
                IntStream.range(0, n)
                        .map(at -> steps.get(at).unit() instanceof Unit.Token
                                ? last.get(at).choice()
                                : NONE)
                        .toArray(),
                n));
        for (int layer : layout.layers()) add(states.apply(layer), layout.width(), tensors);
        if (layout.top() > 0) {
            ByteBuffer ids = bytes(4L * n * layout.top());
            ByteBuffer logs = bytes(4L * n * layout.top());
            ByteBuffer others = bytes(4L * n);
            for (LastLayer.Distribution distribution : last) {
                for (int token : distribution.tokens()) ids.putInt(token);
                for (float log : distribution.logs()) logs.putFloat(log);
                others.putFloat(distribution.others());
            }
            tensors.add(tensor(ids, DType.I32, n, layout.top()));
            tensors.add(tensor(logs, DType.F32, n, layout.top()));
            tensors.add(tensor(others, DType.F32, n));
        }
        if (layout.codebooks() > 0) {
            ByteBuffer codes = bytes(4L * n * layout.codebooks());
            for (Step step : steps) {
                for (int codebook = 0; codebook < layout.codebooks(); codebook++) {
                    codes.putInt(step.unit() instanceof Unit.Frame(List<Integer> own) ? own.get(codebook) : NONE);
                }
            }
            tensors.add(tensor(codes, DType.I32, n, layout.codebooks()));
        }
        return new HarvestRows(layout, n, tensors);
    }

    private static <T> Tensor numbers(List<T> of, ToIntFunction<T> number) {
        return Tensor.of(of.stream().mapToInt(number).toArray(), of.size());
    }

    private static void add(List<float[]> states, int width, List<Tensor> tensors) {
        float[] scales = new float[states.size()];
        ByteBuffer halves = bytes(2L * states.size() * width);
        for (int at = 0; at < scales.length; at++) {
            scales[at] = HalfRows.scale(states.get(at));
            HalfRows.put(states.get(at), scales[at], halves);
        }
        tensors.add(Tensor.of(scales, scales.length));
        tensors.add(tensor(halves, DType.F16, scales.length, width));
    }

    private static ByteBuffer bytes(long count) {
        return ByteBuffer.allocate(Math.toIntExact(count)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Tensor tensor(ByteBuffer bytes, DType dtype, Integer... shape) {
        return new Tensor(MemorySegment.ofArray(bytes.array()), dtype, List.of(shape));
    }
}
