package sparrow.train;

import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/** Distributions of which every probability is known: the gradient is q - p. */
final class ExactTargets implements TargetBatch {
    private final Kernels kernels;

    /** [positions, rows]. */
    private final Block probabilities;

    /**
     * @param scores of the last layer, [positions, rows]; become probabilities and stay in use
     */
    ExactTargets(Kernels kernels, Block scores) {
        this.kernels = kernels;
        this.probabilities = scores;
        int n = scores.columns();
        kernels.pool().forEach(scores.rows(), 8L * scores.rows() * n, r -> kernels.softmax(scores.data(), r * n, n, 1));
    }

    @Override
    public double expectedScore(int position, float[] scores, int at) {
        int n = probabilities.columns();
        return kernels.dot(probabilities.data(), position * n, scores, at, n);
    }

    @Override
    public double known(int position) {
        return 1;
    }

    @Override
    public double toGradient(int position, float[] q, int at) {
        int n = probabilities.columns();
        kernels.addScaled(-1, probabilities.data(), position * n, q, at, n);
        return 0;
    }

    @Override
    public double entropy(int position) {
        int n = probabilities.columns();
        double entropy = 0;
        for (int i = position * n; i < (position + 1) * n; i++) {
            double p = probabilities.data()[i];
            if (p > 0) entropy -= p * Math.log(p);
        }
        return entropy;
    }
}
