package sparrow.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import sparrow.engine.head.DraftHead;
import sparrow.engine.transformer.Transformer;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.AdamW.Parameter;

/**
 * The cell of a {@link DraftHead} with gradients: u_j = u_{j-1} + B silu(z), z = A [rms(u_{j-1}); e] + b, with as many inner
 * channels as the state has. B begins as zero, so that the head begins by saying what the last layer said. It keeps what
 * each step went through for the way back; one thread uses it at a time.
 */
final class DraftCell implements DraftComparison.Cell {
    private final Kernels kernels;
    private final MatrixProducts products;
    private final InputNorm rms;
    private final int width;
    private final Parameter mix;
    private final Parameter bias;
    private final Parameter change;
    private final List<Step> steps = new ArrayList<>();
    private final Scratch ofChange;
    private final Scratch ofMix;
    private final Scratch inner;
    private final Scratch inputs;
    private final Scratch states;

    /** The activations of one step. */
    private record Step(Scratch input, Scratch z, Scratch activated, Scratch state) {}

    /**
     * @param embeddingSize root mean square of the embeddings' values: the columns of A that read them begin larger by its
     *     inverse, so that state and token begin with equal say
     */
    DraftCell(Transformer transformer, int steps, double embeddingSize, SplittableRandom random) {
        this.kernels = transformer.kernels();
        this.products = new MatrixProducts(kernels);
        this.width = transformer.config().width();
        float[] ones = new float[width];
        Arrays.fill(ones, 1);
        this.rms = new InputNorm(kernels, ones, transformer.config().normEpsilon());
        this.mix = Parameter.matrix("mix", numbers(embeddingSize, random));
        this.bias = Parameter.bias("bias", width);
        this.change = Parameter.matrix("change", new float[width * width]);
        for (int i = 0; i < steps; i++) {
            this.steps.add(
                    new Step(new Scratch(2 * width), new Scratch(width), new Scratch(width), new Scratch(width)));
        }
        this.ofChange = new Scratch(width);
        this.ofMix = new Scratch(2 * width);
        this.inner = new Scratch(width);
        this.inputs = new Scratch(2 * width);
        this.states = new Scratch(width);
    }

    private float[] numbers(double embeddingSize, SplittableRandom random) {
        float[] values = new float[width * 2 * width];
        double scale = 1 / Math.sqrt(2.0 * width);
        for (int i = 0; i < values.length; i++) {
            boolean state = i % (2 * width) < width;
            values[i] = (float) (random.nextGaussian() * scale / (state ? 1 : embeddingSize));
        }
        return values;
    }

    List<Parameter> parameters() {
        return List.of(mix, bias, change);
    }

    @Override
    public void next(int step, Block state, Block embeddings, Block next) {
        int n = state.rows();
        Step kept = steps.get(step - 1);
        Block before = kept.state().rows(n);
        System.arraycopy(state.data(), state.offset(), before.data(), 0, n * width);
        Block input = kept.input().rows(n);
        rms.apply(before, input.columns(0, width));
        for (int r = 0; r < n; r++) {
            System.arraycopy(embeddings.data(), r * width, input.data(), (2 * r + 1) * width, width);
        }
        Block z = kept.z().rows(n);
        products.timesTransposed(input, Block.of(mix.values(), width, 2 * width), z);
        for (int r = 0; r < n; r++) kernels.addScaled(1, bias.values(), 0, z.data(), r * width, width);
        Block activated = kept.activated().rows(n);
        System.arraycopy(z.data(), 0, activated.data(), 0, n * width);
        kernels.apply(Activation.SILU, activated);
        products.timesTransposed(activated, Block.of(change.values(), width, width), next);
        kernels.addScaled(1, before.data(), 0, next.data(), next.offset(), n * width);
    }

    /** Forgets the gradients of the batch before. */
    void clearGradients() {
        for (Parameter parameter : parameters()) Arrays.fill(parameter.gradient(), 0);
    }

    /**
     * Adds a step's share to the gradients, after those of the later steps.
     *
     * @param gradient of the loss with respect to u_j, [positions, width]; becomes that with respect to u_{j-1}
     */
    void backward(int step, Block gradient) {
        int n = gradient.rows();
        Step kept = steps.get(step - 1);
        add(gradient, kept.activated().rows(n), change, width);
        Block dz = inner.rows(n);
        products.times(gradient, Block.of(change.values(), width, width), dz);
        throughSilu(kept.z().rows(n), dz);
        add(dz, kept.input().rows(n), mix, 2 * width);
        for (int r = 0; r < n; r++) kernels.addScaled(1, dz.data(), r * width, bias.gradient(), 0, width);
        Block dInput = inputs.rows(n);
        products.times(dz, Block.of(mix.values(), width, 2 * width), dInput);
        Block dState = states.rows(n);
        for (int r = 0; r < n; r++) {
            System.arraycopy(dInput.data(), 2 * r * width, dState.data(), r * width, width);
        }
        rms.backward(kept.state().rows(n), dState);
        kernels.addScaled(1, dState.data(), 0, gradient.data(), gradient.offset(), n * width);
    }

    /** gradient of a matrix += dy^T x. */
    private void add(Block dy, Block x, Parameter matrix, int columns) {
        Block product = (columns == width ? ofChange : ofMix).rows(width);
        products.transposedTimes(dy, x, product);
        kernels.addScaled(1, product.data(), 0, matrix.gradient(), 0, width * columns);
    }

    /** dz = ds silu'(z), with silu' = s (1 + z (1 - s)) for s = sigmoid(z). */
    private void throughSilu(Block z, Block gradient) {
        kernels.pool().forEach(z.rows(), 32L * z.rows() * width, r -> {
            for (int i = r * width; i < (r + 1) * width; i++) {
                double value = z.data()[i];
                double sigmoid = 1 / (1 + Math.exp(-value));
                gradient.data()[i] *= (float) (sigmoid * (1 + value * (1 - sigmoid)));
            }
        });
    }

    /** Its tensors in a file, by the part of their names after {@code step}. */
    Map<String, Tensor> tensors() {
        // In one order, so that the same head makes the same file.
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("A.weight", Tensor.of(mix.values(), width, 2 * width));
        tensors.put("A.bias", Tensor.of(bias.values(), width));
        tensors.put("B.weight", Tensor.of(change.values(), width, width));
        return tensors;
    }
}
