package sparrow.speech.layers;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Weight;
import sparrow.engine.kernel.WeightLoader;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.weights.Checkpoint;
import sparrow.engine.weights.FiniteWeights;

/**
 * Reads layers by name from a checkpoint, checks their shapes and makes them ready to run.
 *
 * @param arena memory of the packed weights
 * @param staging memory of what was rearranged before packing; shared between threads, to be closed after loading
 * @param load makes a linear layer's stored matrix ready for the kernels
 */
public record LayerReader(Checkpoint checkpoint, Kernels kernels, Arena arena, Arena staging, WeightLoader load) {
    /** PyTorch's, where a module does not choose one. */
    private static final float NORM_EPSILON = 1e-5f;

    /** Names of torch's newer weight norm end in this and 0 (lengths) or 1 (directions); the older ones in g and v. */
    private static final String PARAMETRIZATION = ".parametrizations.weight.original";

    /** A reader that packs everything: the checkpoint is not needed afterwards. */
    public LayerReader(Checkpoint checkpoint, Kernels kernels, Arena arena, Arena staging) {
        this(checkpoint, kernels, arena, staging, matrix -> {
            FiniteWeights.require(checkpoint, matrix);
            return kernels.pack(matrix, arena);
        });
    }

    /**
     * A reader that leaves the matrices of single linear layers where the checkpoint has them, which must stay open: for
     * a network too large to be held twice, once in 16 bits and once in 32.
     */
    public LayerReader inPlace() {
        return new LayerReader(checkpoint, kernels, arena, staging, kernels::view);
    }

    /** What reads only the tensors whose names begin with the prefix, and leaves it out; itself if there are none. */
    public LayerReader within(String prefix) {
        if (checkpoint.names().stream().noneMatch(name -> name.startsWith(prefix))) return this;
        return new LayerReader(new PrefixedNames(checkpoint, prefix), kernels, arena, staging, load);
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
        float[] weights = new float[Math.multiplyExact(names.size() * out, in)];
        float[] biases = bias ? new float[names.size() * out] : null;
        for (int i = 0; i < names.size(); i++) {
            System.arraycopy(values(names.get(i) + ".weight", out, in), 0, weights, i * out * in, out * in);
            if (bias) System.arraycopy(vector(names.get(i) + ".bias", out), 0, biases, i * out, out);
        }
        return new Linear(kernels, pack(weights, names.size() * out, in), biases);
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
        return convolution(name, values(name + ".weight", out, in, kernel), in, kernel, stride, 1, padding);
    }

    /** {@code name.weight} [out, in, kernel] and {@code name.bias} [out]; sees no later row. */
    public CausalConvolution causalConvolution(String name, int out, int in, int kernel) {
        return new CausalConvolution(convolution(name, out, in, kernel, 1, 0));
    }

    /** A weight-normed convolution that keeps the number of rows. */
    public Convolution normedConvolution(String name, int out, int in, int kernel, int dilation) {
        float[] weights = normed(name, out, in, kernel);
        return convolution(name, weights, in, kernel, 1, dilation, dilation * (kernel - 1) / 2);
    }

    private Convolution convolution(
            String name, float[] weights, int in, int kernel, int stride, int dilation, int padding) {
        int out = weights.length / (in * kernel);
        Weight packed = pack(tapByTap(weights, out, in, kernel), out, kernel * in);
        Linear linear = new Linear(kernels, packed, vector(name + ".bias", out));
        return new Convolution(linear, in, kernel, stride, dilation, padding);
    }

    /** {@code name.weight} [in, out, kernel] and {@code name.bias} [out]; kernel - stride must be even. */
    public Upsampling upsampling(String name, int in, int out, int kernel, int stride) {
        return upsampling(name, values(name + ".weight", in, out, kernel), in, out, kernel, stride);
    }

    /** The same, weight-normed; the norm is taken for each input channel. */
    public Upsampling normedUpsampling(String name, int in, int out, int kernel, int stride) {
        return upsampling(name, normed(name, in, out, kernel), in, out, kernel, stride);
    }

    private Upsampling upsampling(String name, float[] weights, int in, int out, int kernel, int stride) {
        float[] bias = vector(name + ".bias", out);
        int padding = (kernel - stride) / 2;
        List<Upsampling.Phases> phases = new ArrayList<>();
        // Output row s*j + p gets tap k of input row i where s*i - padding + k = s*j + p.
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
            Weight packed = pack(rows, (end - first) * out, taps * in);
            Linear linear = new Linear(kernels, packed, repeated(bias, end - first));
            phases.add(new Upsampling.Phases(first, newest - taps + 1, taps, linear));
            first = end;
        }
        return new Upsampling(List.copyOf(phases), in, out, stride);
    }

    /** A matrix from row-major values. */
    public Weight pack(float[] values, int rows, int columns) {
        return kernels.pack(Matrix.copyOf(values, rows, columns, staging), arena);
    }

    /** Output channels of a weight-normed convolution, as they are stored. */
    public int normedChannels(String name) {
        return checkpoint.tensor(lengths(name), -1, 1, 1).shape().getFirst();
    }

    private float[] normed(String name, int first, int second, int kernel) {
        float[] direction = values(direction(name), first, second, kernel);
        return foldNorm(direction, values(lengths(name), first, 1, 1));
    }

    private String direction(String name) {
        return name + (isParametrized(name) ? PARAMETRIZATION + "1" : ".weight_v");
    }

    private String lengths(String name) {
        return name + (isParametrized(name) ? PARAMETRIZATION + "0" : ".weight_g");
    }

    private boolean isParametrized(String name) {
        return checkpoint.has(name + PARAMETRIZATION + "0") || checkpoint.has(name + PARAMETRIZATION + "1");
    }

    /** Weight norm undone: each slice of the first axis scaled to the length that {@code lengths} gives it. */
    public static float[] foldNorm(float[] direction, float[] lengths) {
        float[] folded = new float[direction.length];
        int slice = direction.length / lengths.length;
        for (int s = 0; s < lengths.length; s++) {
            double squares = 0;
            for (int i = s * slice; i < (s + 1) * slice; i++) squares += (double) direction[i] * direction[i];
            double scale = lengths[s] / Math.sqrt(squares);
            for (int i = s * slice; i < (s + 1) * slice; i++) folded[i] = (float) (direction[i] * scale);
        }
        return folded;
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
