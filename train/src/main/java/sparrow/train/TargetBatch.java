package sparrow.train;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.harvest.Positions;
import sparrow.train.harvest.StoredReply;

/** The last layer's distributions at the positions of a batch, over the tokens of a head. */
sealed interface TargetBatch {
    /** Returns the sum of p x score over the tokens whose probability p is known. */
    double expectedScore(int position, float[] scores, int at);

    /** Returns the total probability of the tokens whose individual probabilities are known. */
    double known(int position);

    /**
     * Converts a head's probabilities q to the gradient of the cross-entropy with respect to its scores.
     *
     * @return the contribution to the cross-entropy of tokens whose individual probabilities are unknown
     */
    double toGradient(int position, float[] probabilities, int at);

    /** Returns the entropy in nats. */
    double entropy(int position);

    /** Distributions whose probabilities are all known. The gradient is q - p. */
    final class ExactTargets implements TargetBatch {
        private final Kernels kernels;

        /** Probabilities, [positions, rows]. */
        private final Block probabilities;

        /**
         * @param scores the last layer's scores, [positions, rows]; replaced by probabilities, and must not be changed
         *     afterwards
         */
        ExactTargets(Kernels kernels, Block scores) {
            this.kernels = kernels;
            this.probabilities = scores;
            int n = scores.columns();
            kernels.pool()
                    .forEach(scores.rows(), 8L * scores.rows() * n, r -> kernels.softmax(scores.data(), r * n, n, 1));
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

    /**
     * Distributions whose largest probabilities are known individually; for all other tokens, only the total
     * probability is known. The other tokens are treated as one event, whose probability in the head's distribution is
     * the sum of their probabilities. The head determines the relative probabilities of these tokens.
     *
     * <p>Let r be the other tokens' probability in the target and s their probability in the head's distribution. The
     * cross-entropy is -sum(p ln q) - r ln s. Its gradient is q - p for a token with a known probability and q (1 - r /
     * s) for another token.
     */
    final class TopTargets implements TargetBatch {
        /** For every position, the rows of the head whose probabilities are known. */
        private final int[][] rows;

        private final double[][] probabilities;
        private final double[] others;

        private final int headRows;

        private TopTargets(int[][] rows, double[][] probabilities, double[] others, int headRows) {
            this.rows = rows;
            this.probabilities = probabilities;
            this.others = others;
            this.headRows = headRows;
        }

        /** Returns the stored distributions restricted to a head's tokens and renormalised. */
        static TopTargets of(Positions positions, int top, OutputRows output) {
            int n = positions.size();
            int[][] rows = new int[n][];
            double[][] probabilities = new double[n][];
            double[] others = new double[n];
            for (int i = 0; i < n; i++) {
                StoredReply reply = positions.stored(i);
                int at = positions.at()[i];
                int[] known = IntStream.range(0, top)
                        .filter(k -> output.row(reply.topToken(at, k)) >= 0)
                        .toArray();
                rows[i] = IntStream.of(known)
                        .map(k -> output.row(reply.topToken(at, k)))
                        .toArray();
                double[] p = IntStream.of(known)
                        .mapToDouble(k -> Math.exp(reply.topLog(at, k)))
                        .toArray();
                // If the probabilities of all the head's tokens are known, there are no other tokens.
                double rest = known.length == output.rows() ? 0 : reply.others(at);
                double sum = rest + DoubleStream.of(p).sum();
                // If none of the head's tokens has a probability, nothing is known and the gradient is zero.
                probabilities[i] = DoubleStream.of(p)
                        .map(value -> sum == 0 ? 0 : value / sum)
                        .toArray();
                others[i] = sum == 0 ? 1 : rest / sum;
            }
            return new TopTargets(rows, probabilities, others, output.rows());
        }

        @Override
        public double expectedScore(int position, float[] scores, int at) {
            double sum = 0;
            for (int k = 0; k < rows[position].length; k++) {
                sum += probabilities[position][k] * scores[at + rows[position][k]];
            }
            return sum;
        }

        @Override
        public double known(int position) {
            return 1 - others[position];
        }

        @Override
        public double toGradient(int position, float[] q, int at) {
            int[] known = rows[position];
            float[] kept = new float[known.length];
            for (int k = 0; k < known.length; k++) {
                kept[k] = q[at + known[k]];
                q[at + known[k]] = 0;
            }
            double added = spread(others[position], q, at);
            for (int k = 0; k < known.length; k++) {
                q[at + known[k]] = (float) (kept[k] - probabilities[position][k]);
            }
            return added;
        }

        /** Computes the gradient of the other tokens, given q with zeros for the known tokens. */
        private double spread(double r, float[] q, int at) {
            double s = 0;
            for (int i = at; i < at + headRows; i++) s += q[i];
            if (r == 0 || s == 0) return 0;
            float factor = (float) (1 - r / s);
            for (int i = at; i < at + headRows; i++) q[i] *= factor;
            return -r * Math.log(s);
        }

        @Override
        public double entropy(int position) {
            double r = others[position];
            double entropy = r == 0 ? 0 : -r * Math.log(r);
            for (double p : probabilities[position]) if (p > 0) entropy -= p * Math.log(p);
            return entropy;
        }
    }

    /** Cross-entropy against distributions, -sum(p ln q), and its gradient. */
    final class SoftCrossEntropy {
        private final Kernels kernels;

        SoftCrossEntropy(Kernels kernels) {
            this.kernels = kernels;
        }

        /**
         * Returns the cross-entropy of every position in nats and replaces the scores by their gradient.
         *
         * @param scores the head's scores, [positions, rows], dense; replaced by the weighted gradient of the
         *     cross-entropy
         * @param weights weights of the positions, which apply only to the gradient
         */
        double[] gradient(Block scores, TargetBatch targets, double[] weights) {
            double[] losses = new double[scores.rows()];
            kernels.pool().forEach(scores.rows(), 16L * scores.rows() * scores.columns(), r -> {
                losses[r] = gradient(scores.data(), r * scores.columns(), scores.columns(), targets, r);
                float factor = (float) (weights[r] - 1);
                kernels.addScaled(
                        factor,
                        scores.data(),
                        r * scores.columns(),
                        scores.data(),
                        r * scores.columns(),
                        scores.columns());
            });
            return losses;
        }

        private double gradient(float[] scores, int at, int n, TargetBatch targets, int position) {
            int largest = largest(scores, at, n);
            double score = scores[largest];
            double expected = targets.expectedScore(position, scores, at);
            kernels.softmax(scores, at, n, 1);
            // The largest probability is at least 1 / n, so its logarithm is finite.
            double logSum = score - Math.log(scores[largest]);
            return targets.known(position) * logSum - expected + targets.toGradient(position, scores, at);
        }

        /** Returns the index of the largest of {@code n} values starting at {@code at}. */
        private static int largest(float[] values, int at, int n) {
            int largest = at;
            for (int i = at + 1; i < at + n; i++) if (values[i] > values[largest]) largest = i;
            return largest;
        }
    }
}
