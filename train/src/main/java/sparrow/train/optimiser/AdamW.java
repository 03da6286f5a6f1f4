package sparrow.train.optimiser;

import java.util.List;
import sparrow.tensor.kernel.ComputePool;

/** Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101), for f32 parameters. */
public final class AdamW {
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.999;
    private static final double EPSILON = 1e-8;

    /** Number of values that a thread updates at a time. */
    private static final int PIECE = 1 << 14;

    private final ComputePool pool;
    private final List<Parameter> parameters;
    private final double weightDecay;

    /** Running means of every parameter's gradient. */
    private final List<float[]> means;

    private final List<float[]> squares;

    public AdamW(ComputePool pool, List<Parameter> parameters, double weightDecay) {
        this.pool = pool;
        this.parameters = parameters;
        this.weightDecay = weightDecay;
        this.means = parameters.stream().map(p -> new float[p.values().length]).toList();
        this.squares =
                parameters.stream().map(p -> new float[p.values().length]).toList();
    }

    /**
     * Returns the running means of each parameter's gradient. Together with {@link #squares}, they are the optimiser's
     * state.
     */
    public List<float[]> means() {
        return means;
    }

    public List<float[]> squares() {
        return squares;
    }

    /**
     * Updates all parameters in the direction opposite to their gradients.
     *
     * @param step step number, counted from 1, which is used to correct the bias of the means towards their initial
     *     zeros
     */
    public void step(double learningRate, int step) {
        float scale = (float) (learningRate / (1 - Math.pow(BETA_1, step)));
        float correction = (float) (1 / Math.sqrt(1 - Math.pow(BETA_2, step)));
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            float decay = parameter.decays() ? (float) (1 - learningRate * weightDecay) : 1;
            float[] mean = means.get(i);
            float[] square = squares.get(i);
            int n = mean.length;
            pool.forEach(Math.ceilDiv(n, PIECE), piece -> {
                int from = piece * PIECE;
                int to = Math.min(n, from + PIECE);
                update(parameter.values(), parameter.gradient(), mean, square, from, to, decay, scale, correction);
            });
        }
    }

    private static void update(
            float[] values,
            float[] gradient,
            float[] mean,
            float[] square,
            int from,
            int to,
            float decay,
            float scale,
            float correction) {
        for (int i = from; i < to; i++) {
            float g = gradient[i];
            mean[i] = (float) BETA_1 * mean[i] + (float) (1 - BETA_1) * g;
            square[i] = (float) BETA_2 * square[i] + (float) (1 - BETA_2) * g * g;
            float root = (float) Math.sqrt(square[i]) * correction + (float) EPSILON;
            values[i] = decay * values[i] - scale * mean[i] / root;
        }
    }

    /**
     * Trained values and their gradient.
     *
     * @param name name in checkpoints
     * @param values current values
     * @param gradient gradient of the loss with respect to each value, from the last step
     * @param decays whether weight decay is applied
     */
    public record Parameter(String name, float[] values, float[] gradient, boolean decays) {
        /** Creates a matrix with weight decay. */
        public static Parameter matrix(String name, float[] values) {
            return new Parameter(name, values, new float[values.length], true);
        }

        /** Creates a bias that is initially zero, without weight decay. */
        public static Parameter bias(String name, int length) {
            return new Parameter(name, new float[length], new float[length], false);
        }
    }
}
