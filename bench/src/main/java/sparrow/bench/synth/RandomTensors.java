package sparrow.bench.synth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import sparrow.formats.weights.TensorDescription;
import sparrow.tensor.DType;

/**
 * The tensors of a network of random weights, as a {@code LayerReader} asks for them: one method for each kind of layer.
 * Matrices have a spread of 1 / sqrt(inputs), norms are 1 and biases 0, so that activations keep the size that they have
 * in a trained network; no number is subnormal.
 */
final class RandomTensors {
    private final DType dtype;
    private final List<RandomTensor> tensors = new ArrayList<>();

    /** Creates an empty list of tensors that are all stored as {@code dtype}. */
    public RandomTensors(DType dtype) {
        this.dtype = dtype;
    }

    /** A tensor and what it is filled with. */
    record RandomTensor(TensorDescription description, Values values) {}

    List<RandomTensor> tensors() {
        return tensors;
    }

    /** Their names and shapes, in the order in which they were added. */
    public List<TensorDescription> descriptions() {
        return tensors.stream().map(RandomTensor::description).toList();
    }

    /** {@code name}, whose first axis are outputs and whose others are inputs. */
    public RandomTensors matrix(String name, Integer... shape) {
        long inputs = 1;
        for (int axis = 1; axis < shape.length; axis++) inputs *= shape[axis];
        return add(name, Values.Even.ofMatrix(inputs), shape);
    }

    /** {@code name} [n], every value the same. */
    public RandomTensors vector(String name, int n, float value) {
        return add(name, new Values.Constant(value), n);
    }

    /** {@code name.weight} [out, in] and {@code name.bias} [out]. */
    public RandomTensors linear(String name, int out, int in) {
        return linearWithoutBias(name, out, in).vector(name + ".bias", out, 0);
    }

    /** {@code name.weight} [out, in]. */
    public RandomTensors linearWithoutBias(String name, int out, int in) {
        return matrix(name + ".weight", out, in);
    }

    /** {@code name.weight} and {@code name.bias}, [n] each. */
    public RandomTensors norm(String name, int n) {
        return vector(name + ".weight", n, 1).vector(name + ".bias", n, 0);
    }

    /** {@code name.weight} [out, in, kernel] and {@code name.bias} [out]. */
    public RandomTensors convolution(String name, int out, int in, int kernel) {
        return matrix(name + ".weight", out, in, kernel).vector(name + ".bias", out, 0);
    }

    /**
     * Returns a transposed convolution: {@code name.weight} [in, out, kernel], of which {@code taps} meet in an output.
     */
    public RandomTensors upsampling(String name, int out, int in, int kernel, int taps) {
        return add(name + ".weight", Values.Even.ofMatrix((long) in * taps), in, out, kernel)
                .vector(name + ".bias", out, 0);
    }

    /**
     * Returns a weight-normed convolution: {@code name.weight_g}, {@code name.weight_v} and {@code name.bias}.
     *
     * @param first its first axis: outputs, of a transposed one inputs
     * @param length of each slice of the first axis
     * @param out outputs
     */
    public RandomTensors normed(String name, int first, int second, int kernel, float length, int out) {
        return vector(name + ".bias", out, 0)
                .add(name + ".weight_g", new Values.Constant(length), first, 1, 1)
                .matrix(name + ".weight_v", first, second, kernel);
    }

    /** Returns a layer of a conformer with relative positions, without convolution or macaron modules. */
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

    /** The numbers of a made-up tensor. */
    sealed interface Values {
        /** All the same. */
        record Constant(float value) implements Values {
            @Override
            public void fill(float[] numbers, SplittableRandom random) {
                Arrays.fill(numbers, value);
            }
        }

        /**
         * Evenly between two bounds.
         *
         * @param middle of them
         * @param reach from the middle to either
         */
        record Even(float middle, float reach) implements Values {
            /** Numbers that keep the size of activations: a spread of 1 / sqrt(inputs) around 0. */
            static Even ofMatrix(long inputs) {
                return new Even(0, (float) Math.sqrt(3.0 / inputs));
            }

            @Override
            public void fill(float[] numbers, SplittableRandom random) {
                float step = reach * 0x1p-31f;
                for (int i = 0; i < numbers.length; i++) numbers[i] = middle + random.nextInt() * step;
            }
        }

        /** Makes the next numbers. */
        void fill(float[] numbers, SplittableRandom random);
    }
}
