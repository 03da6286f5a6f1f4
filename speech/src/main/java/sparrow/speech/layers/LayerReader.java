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
 * Reads layers by name from a checkpoint, checks their shapes and prepares them for the kernels.
 *
 * @param arena memory for the packed weights
 * @param staging memory for matrices that are rearranged before packing; shared between threads and closed after
 *     loading
 * @param load loader for the stored matrix of a linear layer
 * @param pack loader for a rearranged or computed matrix, whose memory is valid only during loading
 */
public record LayerReader(
        Checkpoint checkpoint, Kernels kernels, Arena arena, Arena staging, WeightLoader load, WeightLoader pack) {
    /** PyTorch's default epsilon. */
    private static final float NORM_EPSILON = 1e-5f;

    /**
     * Maximum number of elements in a checkpoint that is packed as f32, so that kernels need not widen its numbers. The
     * packed checkpoint takes up to 64 MiB.
     */
    private static final long SMALL = 16 << 20;

    /** Types that are not widened to f32 when a matrix is rearranged. */
    private static final Set<DType> HALVES = Set.of(DType.F16, DType.BF16);

    /**
     * Creates a reader that packs all weights, so the checkpoint is not needed afterwards. 16-bit numbers are widened
     * only if the checkpoint is small; quantised numbers are never widened.
     */
    public LayerReader(Checkpoint checkpoint, Kernels kernels, Arena arena, Arena staging) {
        this(checkpoint, kernels, arena, staging, isSmall(checkpoint) ? kernels::pack : kernels::packAsStored);
    }

    /**
     * Builds a network whose weights are in a new arena. If building fails, the arena is closed.
     *
     * @param network function that builds the network from the weight arena, which the network closes, and the staging
     *     arena, which this method closes
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

    /** A method that packs matrices: either {@link Kernels#pack} or {@link Kernels#packAsStored}. */
    private interface Packing {
        Weight pack(Matrix matrix, Arena arena);
    }

    private static boolean isSmall(Checkpoint checkpoint) {
        return checkpoint.names().stream()
                        .mapToLong(name -> checkpoint.tensor(name).elements())
                        .sum()
                <= SMALL;
    }

    /** Returns a reader that does not widen 16-bit numbers, even if the checkpoint is small. */
    LayerReader asStored() {
        return new LayerReader(checkpoint, kernels, arena, staging, kernels::packAsStored);
    }

    /**
     * Returns a reader that leaves the matrices of single linear layers in the checkpoint's memory, so the checkpoint
     * must stay open. This reader is used for networks that are too large to be in memory twice. Quantised matrices are
     * packed.
     */
    public LayerReader inPlace() {
        WeightLoader view = matrix -> matrix.dtype().isQuantised() ? load.load(matrix) : kernels.view(matrix);
        return new LayerReader(checkpoint, kernels, arena, staging, view, pack);
    }

    /**
     * Returns a reader of the tensors whose names begin with a prefix, or this reader if there are no such tensors. The
     * prefix is removed from the names.
     */
    public LayerReader within(String prefix) {
        if (checkpoint.names().stream().noneMatch(name -> name.startsWith(prefix))) return this;
        return new LayerReader(new PrefixedNames(checkpoint, prefix), kernels, arena, staging, load, pack);
    }

    /** Reads a vector of {@code n} values. */
    public float[] vector(String name, int n) {
        return checkpoint.floats(name, n);
    }

    /** Reads a tensor's values in row-major order. */
    public float[] values(String name, int... shape) {
        return checkpoint.floats(name, shape);
    }

    /** Reads {@code name.weight} [out, in] and {@code name.bias} [out]. */
    public Linear linear(String name, int out, int in) {
        return new Linear(kernels, stored(name, out, in), vector(name + ".bias", out));
    }

    /** Reads {@code name.weight} [out, in] as a layer without bias. */
    public Linear linearWithoutBias(String name, int out, int in) {
        return new Linear(kernels, stored(name, out, in), null);
    }

    private Weight stored(String name, int out, int in) {
        return load.load(checkpoint.matrix(name + ".weight", out, in));
    }

    /** Reads several layers with the same input as one layer, which returns the layers' outputs in order. */
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

    /** Reads {@code name.weight} and {@code name.bias}, [n] each; epsilon is 1e-5. */
    public Norm norm(String name, int n) {
        return norm(name, n, NORM_EPSILON);
    }

    /** Reads {@code name.weight} and {@code name.bias}, [n] each. */
    public Norm norm(String name, int n, float epsilon) {
        return new Norm(kernels, vector(name + ".weight", n), vector(name + ".bias", n), epsilon);
    }

    /** Reads a convolution with an odd kernel size that preserves the number of rows. */
    public Convolution convolution(String name, int out, int in, int kernel) {
        return convolution(name, out, in, kernel, 1, (kernel - 1) / 2);
    }

    /** Reads {@code name.weight} [out, in, kernel] and {@code name.bias} [out]. */
    public Convolution convolution(String name, int out, int in, int kernel, int stride, int padding) {
        return convolution(name, read(name + ".weight", out, in, kernel), in, kernel, stride, 1, padding);
    }

    /** Reads {@code name.weight} [out, in, kernel] and {@code name.bias} [out] of a causal convolution. */
    public CausalConvolution causalConvolution(String name, int out, int in, int kernel) {
        return new CausalConvolution(convolution(name, out, in, kernel, 1, 0));
    }

    /** Reads a convolution with weight norm that preserves the number of rows. */
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

    /**
     * Reads {@code name.weight} [in, out, kernel] and {@code name.bias} [out]; {@code kernel - stride} must be even.
     */
    public Upsampling upsampling(String name, int in, int out, int kernel, int stride) {
        return upsampling(name, read(name + ".weight", in, out, kernel), in, out, kernel, stride);
    }

    /** Reads an upsampling layer with weight norm per input channel. */
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

    /** Packs a matrix of values in row-major order. */
    public Weight pack(float[] values, int rows, int columns) {
        return pack(DType.F32, values, rows, columns);
    }

    /** Packs a matrix of values that were read from a tensor. The given type represents the values exactly. */
    private Weight pack(DType type, float[] values, int rows, int columns) {
        MemorySegment memory = staging.allocate(type.bytes(values.length), 64);
        type.store(values, memory);
        return pack.load(new Matrix(memory, type, rows, columns));
    }

    /**
     * A tensor's values.
     *
     * @param type type that represents the values exactly: f16 or bf16 if this is the tensor's type, otherwise f32
     */
    private record Values(float[] numbers, DType type) {}

    private Values read(String name, int... shape) {
        DType type = checkpoint.tensor(name, shape).dtype();
        return new Values(values(name, shape), HALVES.contains(type) ? type : DType.F32);
    }

    /** Returns the number of output channels of a convolution with weight norm, according to its tensor shape. */
    public int normedChannels(String name) {
        String folded = name + ".weight";
        Tensor tensor = checkpoint.has(folded)
                ? checkpoint.tensor(folded, -1, -1, -1)
                : checkpoint.tensor(WeightNorm.lengths(checkpoint, name), -1, 1, 1);
        return tensor.shape().getFirst();
    }

    /** Reads a weight and folds its weight norm, unless the checkpoint contains the folded weight. */
    private Values normed(String name, int first, int second, int kernel) {
        if (checkpoint.has(name + ".weight")) return read(name + ".weight", first, second, kernel);
        float[] direction = values(WeightNorm.direction(checkpoint, name), first, second, kernel);
        float[] lengths = values(WeightNorm.lengths(checkpoint, name), first, 1, 1);
        return new Values(WeightNorm.fold(direction, lengths), DType.F32);
    }

    /** Rearranges [out, in, kernel] to [out, kernel, in]. */
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
