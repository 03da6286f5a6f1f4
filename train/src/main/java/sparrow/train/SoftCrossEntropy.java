package sparrow.train;

import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/** Cross-entropy against distributions, -sum(p ln q), with its gradient. */
final class SoftCrossEntropy {
    private final Kernels kernels;

    SoftCrossEntropy(Kernels kernels) {
        this.kernels = kernels;
    }

    /**
     * The cross-entropy of every position, in nats.
     *
     * @param scores of the head, [positions, rows], dense; become weight x gradient of the cross-entropy
     * @param weights of the positions, in the gradient alone
     */
    double[] gradient(Block scores, TargetBatch targets, double[] weights) {
        double[] losses = new double[scores.rows()];
        kernels.pool().forEach(scores.rows(), 16L * scores.rows() * scores.columns(), r -> {
            losses[r] = gradient(scores.data(), r * scores.columns(), scores.columns(), targets, r);
            float factor = (float) (weights[r] - 1);
            kernels.addScaled(
                    factor, scores.data(), r * scores.columns(), scores.data(), r * scores.columns(), scores.columns());
        });
        return losses;
    }

    private double gradient(float[] scores, int at, int n, TargetBatch targets, int position) {
        int largest = largest(scores, at, n);
        double score = scores[largest];
        double expected = targets.expectedScore(position, scores, at);
        kernels.softmax(scores, at, n, 1);
        // The largest probability is 1 / n or more: its logarithm is safe.
        double logSum = score - Math.log(scores[largest]);
        return targets.known(position) * logSum - expected + targets.toGradient(position, scores, at);
    }

    /** Index of the largest of n values from {@code at} on. */
    private static int largest(float[] values, int at, int n) {
        int largest = at;
        for (int i = at + 1; i < at + n; i++) if (values[i] > values[largest]) largest = i;
        return largest;
    }
}
