package sparrow.train;

/**
 * The distance of a head from the last layer, on average over positions of one modality.
 *
 * @param positions their number
 * @param crossEntropy -sum(p ln q) of the last layer's p and the head's q, nats
 * @param divergence Kullback-Leibler, cross-entropy less the entropy of p, nats
 * @param entropy of the head's distribution, nats
 * @param agreement share of positions where the head's greedy choice is that of the last layer
 */
public record Figures(long positions, double crossEntropy, double divergence, double entropy, double agreement) {
    static final class Sum {
        private long positions;
        private double crossEntropy;
        private double divergence;
        private double entropy;
        private long agreeing;

        void add(double loss, double targetEntropy, double headEntropy, boolean agrees) {
            positions++;
            crossEntropy += loss;
            divergence += loss - targetEntropy;
            entropy += headEntropy;
            if (agrees) agreeing++;
        }

        Figures mean() {
            return new Figures(
                    positions,
                    crossEntropy / positions,
                    divergence / positions,
                    entropy / positions,
                    (double) agreeing / positions);
        }
    }
}
