package sparrow.engine.head;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.transformer.DamagedWeightsException;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.tensor.Finite;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;
import sparrow.tensor.kernel.WeightLoader;

/**
 * A recurrent cell that predicts the next position's state after the last layer without running the layers. Let u_0 be
 * the residual stream after layer L at a position, and let x_1, x_2, ... be the tokens that follow it. Then
 *
 * <pre>u_j = u_{j-1} + B silu(A [rms(u_{j-1}); e(x_j)] + b)</pre>
 *
 * where rms divides by the root mean square and e is the model's embedding. The model's own head, or a part of it, uses
 * u_j instead of the residual stream after layer L and predicts x_{j+1}. All steps share A, b and B; there is no
 * attention and no cache.
 *
 * <p>Instances are immutable and safe for use by multiple threads.
 */
public final class DraftHead {
    /** Metadata key for the number of steps, at least 1, that a head was trained to predict ahead. */
    public static final String TRAINED_STEPS = "trained_steps";

    /** Maximum number of trained steps. */
    public static final int MAX_STEPS = 64;

    private static final String A = "step.A.weight";
    private static final String BIAS = "step.A.bias";
    private static final String B = "step.B.weight";

    private final Linear mix;
    private final Weight change;
    private final float[] ones;
    private final float epsilon;
    private final int trainedSteps;

    /**
     * @param mix A and b, [m, 2 width]; the first half of the columns applies to the state, and the second half to the
     *     embedding
     * @param change B, [width, m]
     * @param epsilon value added to the mean square inside the root of rms
     * @param trainedSteps number of steps that the head was trained to predict ahead, from 1 to {@link #MAX_STEPS}
     */
    public DraftHead(Linear mix, Weight change, float epsilon, int trainedSteps) {
        int width = change.rows();
        if (mix.weight().columns() != 2 * width || mix.weight().rows() != change.columns()) {
            throw new IllegalArgumentException(
                    "draft head: A of " + mix.weight().rows() + " x "
                            + mix.weight().columns() + " for a B of " + width + " x " + change.columns());
        }
        if (trainedSteps < 1 || trainedSteps > MAX_STEPS) {
            throw new IllegalArgumentException(
                    "draft head: expected 1 to " + MAX_STEPS + " trained steps, got " + trainedSteps);
        }
        this.mix = mix;
        this.change = change;
        this.ones = new float[width];
        Arrays.fill(ones, 1);
        this.epsilon = epsilon;
        this.trainedSteps = trainedSteps;
    }

    /**
     * Reads a file with the tensors {@code step.A.weight} [m, 2 width], {@code step.A.bias} [m] and
     * {@code step.B.weight} [width, m], and the metadata {@link #TRAINED_STEPS}. The
     * {@link ExitHeads#MODEL_FINGERPRINT}, if present, must match the model.
     *
     * @param load loader that prepares a matrix for the kernels
     * @throws BadFileException if the file does not match the model
     */
    public static DraftHead read(Checkpoint checkpoint, Transformer transformer, WeightLoader load) {
        ExitHeads.checkFingerprint(checkpoint, transformer);
        for (String name : checkpoint.names()) {
            if (!List.of(A, BIAS, B).contains(name)) {
                throw new BadFileException(
                        checkpoint.source(), "tensor " + name, "expected " + A + ", " + BIAS + " and " + B);
            }
        }
        int width = transformer.config().width();
        Matrix mix = checkpoint.matrix(A, -1, 2 * width);
        int inner = mix.rows();
        if (inner == 0)
            throw new BadFileException(checkpoint.source(), "tensor " + A, "expected 1 row or more, found 0");
        Matrix change = checkpoint.matrix(B, width, inner);
        return new DraftHead(
                new Linear(load.load(mix), checkpoint.floats(BIAS, inner)),
                load.load(change),
                transformer.config().normEpsilon(),
                steps(checkpoint));
    }

    private static int steps(Checkpoint checkpoint) {
        String text = checkpoint.metadata().getOrDefault(TRAINED_STEPS, "");
        if (text.matches("[1-9]\\d?") && Integer.parseInt(text) <= MAX_STEPS) return Integer.parseInt(text);
        throw new BadFileException(
                checkpoint.source(),
                "metadata " + TRAINED_STEPS,
                "expected 1 to " + MAX_STEPS + ", found \"" + text + "\"");
    }

    /** Returns the number of steps that this head was trained to predict ahead. A head can be used for more steps. */
    public int trainedSteps() {
        return trainedSteps;
    }

    /** Returns the number of weight bytes that one step reads, excluding the model's output matrix. */
    public long bytes() {
        return mix.weight().bytes() + change.bytes();
    }

    /**
     * Computes one step for several sequences. The weights are read once for all sequences.
     *
     * @param states u_{j-1} of each sequence, [width]; for j = 1, the residual stream after layer L
     * @param embeddings e(x_j) of each sequence, [width]
     * @return u_j of each sequence, [width], in new arrays
     * @throws DamagedWeightsException if a state is not finite
     */
    public List<float[]> next(Kernels kernels, List<float[]> states, List<float[]> embeddings) {
        int width = ones.length;
        int n = states.size();
        if (embeddings.size() != n) {
            throw new IllegalArgumentException("draft head: " + n + " states for " + embeddings.size() + " embeddings");
        }
        float[] residuals = new float[n * width];
        float[] inputs = new float[n * 2 * width];
        for (int r = 0; r < n; r++) {
            System.arraycopy(states.get(r), 0, residuals, r * width, width);
            System.arraycopy(embeddings.get(r), 0, inputs, (2 * r + 1) * width, width);
        }
        Block input = Block.of(inputs, n, 2 * width);
        kernels.rmsNorm(Block.of(residuals, n, width), ones, epsilon, input.columns(0, width));
        Block inner = Block.of(new float[n * change.columns()], n, change.columns());
        mix.apply(kernels, input, inner);
        kernels.apply(Activation.SILU, inner);
        Block added = Block.of(new float[n * width], n, width);
        kernels.linear(inner, change, null, added);
        return IntStream.range(0, n)
                .mapToObj(r -> sum(residuals, added.data(), r))
                .toList();
    }

    private float[] sum(float[] states, float[] added, int r) {
        int width = ones.length;
        float[] next = new float[width];
        for (int c = 0; c < width; c++) next[c] = states[r * width + c] + added[r * width + c];
        if (!Finite.all(next)) {
            throw new DamagedWeightsException(
                    "draft head: expected numbers, got NaN or infinity; the weights of the head or of a layer are damaged");
        }
        return next;
    }
}
