package sparrow.speech.layers;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import sparrow.formats.weights.Checkpoint;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;
import sparrow.tensor.kernel.WeightLoader;

/**
 * Reads layers by name from a checkpoint, checks their shapes and makes them ready to run.
 *
 * @param arena memory of the packed weights
 * @param staging memory of matrices that are rearranged before packing; shared between threads, closed after loading
 * @param load makes a linear layer's stored matrix ready for the kernels
 * @param pack makes a rearranged or computed matrix ready; its memory ends with loading
 */
public record LayerReader(
        Checkpoint checkpoint, Kernels kernels, Arena arena, Arena staging, WeightLoader load, WeightLoader pack) {
    /** PyTorch's default. */
    private static final float NORM_EPSILON = 1e-5f;

    /** Up to so many elements, 64 MiB as f32, a checkpoint is packed as f32, which costs no time to widen. */
    private static final long SMALL = 16 << 20;

    /** Types that a rearranged matrix is staged in as it is stored. */
    private static final Set<DType> HALVES = Set.of(DType.F16, DType.BF16);

    /**
     * A reader that packs everything: the checkpoint is not needed afterwards. Numbers of 16 bits stay so in memory
     * unless the checkpoint is small; quantised ones always do.
     */
    public LayerReader(Checkpoint checkpoint, Kernels kernels, Arena arena, Arena staging) {
        this(checkpoint, kernels, arena, staging, isSmall(checkpoint) ? kernels::pack : kernels::packAsStored);
    }

    /**
     * Builds a network whose weights live in an arena of its own. If that fails, the arena is closed.
     *
     * @param network builds it from the arena of the weights, which the network is to close, and from the arena for
     *     staging, which ends with this call
     */
    @SuppressWarnings("MustBeClosedChecker") // the arena lives as long as the network
    public static <N> N build(BiFunction<Arena, Arena, N> network) {
        Arena arena = Arena.ofShared();
        try (Arena staging = Arena.ofShared()) {
            return network.apply(arena, staging);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private LayerReader(Checkpoint checkpoint, Kernels kernels, Arena arena, Arena staging, Packing packing) {
        this(
                checkpoint,
                kernels,
                arena,
                staging,
                matrix -> {
                    checkpoint.requireFinite(matrix);
                    return packing.pack(matrix, arena);
                },
                matrix -> packing.pack(matrix, arena));
    }

    /** {@link Kernels#pack} or {@link Kernels#packAsStored}. */
    private interface Packing {
        Weight pack(Matrix matrix, Arena arena);
    }

    private static boolean isSmall(Checkpoint checkpoint) {
        return checkpoint.names().stream()
                        .mapToLong(name -> checkpoint.tensor(name).elements())
                        .sum()
                <= SMALL;
    }

    /** A reader that keeps numbers of 16 bits so, however small the checkpoint is. */
    LayerReader asStored() {
        return new LayerReader(checkpoint, kernels, arena, staging, kernels::packAsStored);
    }

    /**
     * A reader that leaves the matrices of single linear layers in the memory of the checkpoint, which must stay open:
     * for a network too large to be held twice, once in 16 bits and once in 32. Quantised matrices are packed.
     */
    public LayerReader inPlace() {
        WeightLoader view = matrix -> matrix.dtype().isQuantised() ? load.load(matrix) : kernels.view(matrix);
        return new LayerReader(checkpoint, kernels, arena, staging, view, pack);
    }

    /** A reader of the tensors whose names begin with the prefix, by the rest of the name; itself if there are none. */
    public LayerReader within(String prefix) {
        if (checkpoint.names().stream().noneMatch(name -> name.startsWith(prefix))) return this;
        return new LayerReader(new PrefixedNames(checkpoint, prefix), kernels, arena, staging, load, pack);
    }

    /** A vector of n values. */
    public float[] vector(String name, int n) {
        return checkpoint.floats(name, n);
    }

    /** Any tensor's values, row-major. */
    public float[] values(String name, int... shape) {
        return checkpoint.floats(name, shape);
    }

    /** {@code name.weight} [out, in] and {@code name.bias} [out]. */
    public Linear linear(String name, int out, int in) {
        return new Linear(kernels, stored(name, out, in), vector(name + ".bias", out));
    }

    /** {@code name.weight} [out, in]; no bias. */
    public Linear linearWithoutBias(String name, int out, int in) {
        return new Linear(kernels, stored(name, out, in), null);
    }

    private Weight stored(String name, int out, int in) {
        return load.load(checkpoint.matrix(name + ".weight", out, in));
    }

    /** Layers of the same input as one: outputs of the first, then of the second, and so on. */
    public Linear stacked(List<String> names, int out, int in, boolean bias) {
        float[] biases = bias ? new float[names.size() * out] : null;
        List<Matrix> parts = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Matrix part = checkpoint.matrix(names.get(i) + ".weight", out, in);
            checkpoint.requireFinite(part);
            parts.add(part);
            if (bias) System.arraycopy(vector(names.get(i) + ".bias", out), 0, biases, i * out, out);
        }
        return new Linear(kernels, pack.load(StackedMatrix.of(parts, staging)), biases);
    }

    /** {@code name.weight} and {@code name.bias}, [n] each; epsilon is 1e-5. */
    public Norm norm(String name, int n) {
        return norm(name, n, NORM_EPSILON);
    }

    /** {@code name.weight} and {@code name.bias}, [n] each. */
    public Norm norm(String name, int n, float epsilon) {
        return new Norm(kernels, vector(name + ".weight", n), vector(name + ".bias", n), epsilon);
    }

    /** A convolution of odd kernel that keeps the number of rows. */
    public Convolution convolution(String name, int out, int in, int kernel) {
        return convolution(name, out, in, kernel, 1, (kernel - 1) / 2);
    }

    /** {@code name.weight} [out, in, kernel] and {@code name.bias} [out]. */
    public Convolution convolution(String name, int out, int in, int kernel, int stride, int padding) {
        return convolution(name, read(name + ".weight", out, in, kernel), in, kernel, stride, 1, padding);
    }

    /** {@code name.weight} [out, in, kernel] and {@code name.bias} [out]; sees no later row. */
    public CausalConvolution causalConvolution(String name, int out, int in, int kernel) {
        return new CausalConvolution(convolution(name, out, in, kernel, 1, 0));
    }

    /** A weight-normed convolution that keeps the number of rows. */
    public Convolution normedConvolution(String name, int out, int in, int kernel, int dilation) {
        Values weights = normed(name, out, in, kernel);
        return convolution(name, weights, in, kernel, 1, dilation, dilation * (kernel - 1) / 2);
    }

    private Convolution convolution(
            String name, Values weights, int in, int kernel, int stride, int dilation, int padding) {
        int out = weights.numbers().length / (in * kernel);
        Weight packed = pack(weights.type(), tapByTap(weights.numbers(), out, in, kernel), out, kernel * in);
        Linear linear = new Linear(kernels, packed, vector(name + ".bias", out));
        return new Convolution(linear, in, kernel, stride, dilation, padding);
    }

    /** {@code name.weight} [in, out, kernel] and {@code name.bias} [out]; kernel - stride must be even. */
    public Upsampling upsampling(String name, int in, int out, int kernel, int stride) {
        return upsampling(name, read(name + ".weight", in, out, kernel), in, out, kernel, stride);
    }

    /** The same, weight-normed; the norm is taken for each input channel. */
    public Upsampling normedUpsampling(String name, int in, int out, int kernel, int stride) {
        return upsampling(name, normed(name, in, out, kernel), in, out, kernel, stride);
    }

    private Upsampling upsampling(String name, Values values, int in, int out, int kernel, int stride) {
        float[] weights = values.numbers();
        float[] bias = vector(name + ".bias", out);
        int padding = (kernel - stride) / 2;
        List<Upsampling.Phases> phases = new ArrayList<>();
        // Output row s*j + p gets tap k of input row i if s*i - padding + k = s*j + p.
        for (int first = 0; first < stride; ) {
            int newest = (first + padding) / stride;
            int end = first + 1;
            while (end < stride && (end + padding) / stride == newest) end++;
            int taps = Math.ceilDiv(kernel - (first + padding) % stride, stride);
            float[] rows = new float[(end - first) * out * taps * in];
            for (int p = first; p < end; p++) {
                for (int tap = 0; tap < taps; tap++) {
                    int k = (p + padding) % stride + (taps - 1 - tap) * stride;
                    for (int o = 0; k < kernel && o < out; o++) {
                        int to = (((p - first) * out + o) * taps + tap) * in;
                        for (int i = 0; i < in; i++) rows[to + i] = weights[(i * out + o) * kernel + k];
                    }
                }
            }
            Weight packed = pack(values.type(), rows, (end - first) * out, taps * in);
            Linear linear = new Linear(kernels, packed, repeated(bias, end - first));
            phases.add(new Upsampling.Phases(first, newest - taps + 1, taps, linear));
            first = end;
        }
        return new Upsampling(List.copyOf(phases), in, out, stride);
    }

    /** A matrix from row-major values. */
    public Weight pack(float[] values, int rows, int columns) {
        return pack(DType.F32, values, rows, columns);
    }

    /** A matrix of values that were read from numbers of this type, and so are those numbers. */
    private Weight pack(DType type, float[] values, int rows, int columns) {
        MemorySegment memory = staging.allocate(type.bytes(values.length), 64);
        type.store(values, memory);
        return pack.load(new Matrix(memory, type, rows, columns));
    }

    /**
     * Values of a tensor.
     *
     * @param type a type that holds them: f16 or bf16 if it is the tensor's, else f32
     */
    private record Values(float[] numbers, DType type) {}

    private Values read(String name, int... shape) {
        DType type = checkpoint.tensor(name, shape).dtype();
        return new Values(values(name, shape), HALVES.contains(type) ? type : DType.F32);
    }

    /** Output channels of a weight-normed convolution, as they are stored. */
    public int normedChannels(String name) {
        String folded = name + ".weight";
        Tensor tensor = checkpoint.has(folded)
                ? checkpoint.tensor(folded, -1, -1, -1)
                : checkpoint.tensor(WeightNorm.lengths(checkpoint, name), -1, 1, 1);
        return tensor.shape().getFirst();
    }

    /** With the norm undone, unless the checkpoint has it undone. */
    private Values normed(String name, int first, int second, int kernel) {
        if (checkpoint.has(name + ".weight")) return read(name + ".weight", first, second, kernel);
        float[] direction = values(WeightNorm.direction(checkpoint, name), first, second, kernel);
        float[] lengths = values(WeightNorm.lengths(checkpoint, name), first, 1, 1);
        return new Values(WeightNorm.fold(direction, lengths), DType.F32);
    }

    /** [out, in, kernel] to [out, kernel, in]. */
    private static float[] tapByTap(float[] weights, int out, int in, int kernel) {
        float[] rearranged = new float[weights.length];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                for (int k = 0; k < kernel; k++) {
                    rearranged[(o * kernel + k) * in + i] = weights[(o * in + i) * kernel + k];
                }
            }
        }
        return rearranged;
    }

    private static float[] repeated(float[] values, int times) {
        float[] all = Arrays.copyOf(values, values.length * times);
        for (int t = 1; t < times; t++) System.arraycopy(values, 0, all, t * values.length, values.length);
        return all;
    }
}
