package sparrow.bench.synth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import sparrow.formats.weights.TensorDescription;
import sparrow.tensor.DType;

/**
 * A list of tensors for a network with random weights. As in {@code LayerReader}, there is a method for each kind of
 * layer. Matrices have a standard deviation of 1 / sqrt(inputs), norms are 1 and biases 0, so that activations have the
 * same scale as in a trained network. No number is subnormal.
 */
final class RandomTensors {
    private final DType dtype;
    private final List<RandomTensor> tensors = new ArrayList<>();

    /** Creates an empty list of tensors of type {@code dtype}. */
    public RandomTensors(DType dtype) {
        this.dtype = dtype;
    }

    /** A tensor and its values. */
    record RandomTensor(TensorDescription description, Values values) {}

    List<RandomTensor> tensors() {
        return tensors;
    }

    /** Returns the names and shapes of the tensors in insertion order. */
    public List<TensorDescription> descriptions() {
        return tensors.stream().map(RandomTensor::description).toList();
    }

    /** Adds the tensor {@code name}, whose first axis contains outputs and whose other axes contain inputs. */
    public RandomTensors matrix(String name, Integer... shape) {
        long inputs = 1;
        for (int axis = 1; axis < shape.length; axis++) inputs *= shape[axis];
        return add(name, Values.Even.ofMatrix(inputs), shape);
    }

    /** Adds the vector {@code name} [n] with equal elements. */
    public RandomTensors vector(String name, int n, float value) {
        return add(name, new Values.Constant(value), n);
    }

    /** Adds {@code name.weight} [out, in] and {@code name.bias} [out]. */
    public RandomTensors linear(String name, int out, int in) {
        return linearWithoutBias(name, out, in).vector(name + ".bias", out, 0);
    }

    /** Adds {@code name.weight} [out, in]. */
    public RandomTensors linearWithoutBias(String name, int out, int in) {
        return matrix(name + ".weight", out, in);
    }

    /** Adds {@code name.weight} and {@code name.bias}, each [n]. */
    public RandomTensors norm(String name, int n) {
        return vector(name + ".weight", n, 1).vector(name + ".bias", n, 0);
    }

    /** Adds {@code name.weight} [out, in, kernel] and {@code name.bias} [out]. */
    public RandomTensors convolution(String name, int out, int in, int kernel) {
        return matrix(name + ".weight", out, in, kernel).vector(name + ".bias", out, 0);
    }

    /**
     * Adds a transposed convolution {@code name.weight} [in, out, kernel], with {@code taps} inputs contributing to
     * each output.
     */
    public RandomTensors upsampling(String name, int out, int in, int kernel, int taps) {
        return add(name + ".weight", Values.Even.ofMatrix((long) in * taps), in, out, kernel)
                .vector(name + ".bias", out, 0);
    }

    /**
     * Adds a convolution with weight norm: {@code name.weight_g}, {@code name.weight_v} and {@code name.bias}.
     *
     * @param first length of the first axis: the number of outputs, or of inputs for a transposed convolution
     * @param length norm of each slice along the first axis
     * @param out number of outputs
     */
    public RandomTensors normed(String name, int first, int second, int kernel, float length, int out) {
        return vector(name + ".bias", out, 0)
                .add(name + ".weight_g", new Values.Constant(length), first, 1, 1)
                .matrix(name + ".weight_v", first, second, kernel);
    }

    /** Adds a conformer layer with relative positions, without convolution and macaron modules. */
    public RandomTensors conformerLayer(String name, int width, int heads, int feedForward) {
        for (String part : List.of("linear_q", "linear_k", "linear_v", "linear_out")) {
            linear(name + ".self_attn." + part, width, width);
        }
        linearWithoutBias(name + ".self_attn.linear_pos", width, width);
        matrix(name + ".self_attn.pos_bias_u", heads, width / heads);
        matrix(name + ".self_attn.pos_bias_v", heads, width / heads);
        linear(name + ".feed_forward.w_1", feedForward, width).linear(name + ".feed_forward.w_2", width, feedForward);
        return norm(name + ".norm_ff", width).norm(name + ".norm_mha", width);
    }

    RandomTensors add(String name, Values values, Integer... shape) {
        tensors.add(new RandomTensor(new TensorDescription(name, dtype, List.of(shape)), values));
        return this;
    }

    /** The values of a synthetic tensor. */
    sealed interface Values {
        /** A tensor filled with one value. */
        record Constant(float value) implements Values {
            @Override
            public void fill(float[] numbers, SplittableRandom random) {
                Arrays.fill(numbers, value);
            }
        }

        /**
         * Uniformly distributed numbers.
         *
         * @param middle middle of the interval
         * @param reach half the length of the interval
         */
        record Even(float middle, float reach) implements Values {
            /**
             * Returns values around 0 with a standard deviation of 1 / sqrt(inputs), which preserve the scale of
             * activations.
             */
            static Even ofMatrix(long inputs) {
                return new Even(0, (float) Math.sqrt(3.0 / inputs));
            }

            @Override
            public void fill(float[] numbers, SplittableRandom random) {
                float step = reach * 0x1p-31f;
                for (int i = 0; i < numbers.length; i++) numbers[i] = middle + random.nextInt() * step;
            }
        }

        void fill(float[] numbers, SplittableRandom random);
    }
}
