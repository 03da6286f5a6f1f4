package sparrow.train;

import java.util.Optional;
import sparrow.engine.interleave.Modality;

/**
 * The agreement of a head with the last layer.
 *
 * @param speech metrics over speech positions, or empty if there are none
 * @param text metrics over text positions, or empty if there are none or if the head does not predict text
 */
public record HeadAgreement(Optional<Figures> speech, Optional<Figures> text) {
    /**
     * Returns the training objective, which is the mean cross-entropy over all positions, with text positions weighted.
     */
    double loss(double textWeight) {
        double spoken = speech.map(Figures::positions).orElse(0L);
        double written = textWeight * text.map(Figures::positions).orElse(0L);
        return (spoken * speech.map(Figures::crossEntropy).orElse(0.0)
                        + written * text.map(Figures::crossEntropy).orElse(0.0))
                / (spoken + written);
    }

    /** Returns the sum of the weights of all positions. */
    double weight(double textWeight) {
        return speech.map(Figures::positions).orElse(0L)
                + textWeight * text.map(Figures::positions).orElse(0L);
    }

    static final class Sum {
        private final Figures.Sum speech = new Figures.Sum();
        private final Figures.Sum text = new Figures.Sum();

        Figures.Sum of(Modality modality) {
            return modality == Modality.SPEECH ? speech : text;
        }

        HeadAgreement mean() {
            return new HeadAgreement(
                    Optional.of(speech.mean()).filter(figures -> figures.positions() > 0),
                    Optional.of(text.mean()).filter(figures -> figures.positions() > 0));
        }
    }

    /**
     * The average distance of a head from the last layer over positions of one modality.
     *
     * @param positions number of positions
     * @param crossEntropy -sum(p ln q) of the last layer's p and the head's q, in nats
     * @param divergence Kullback-Leibler divergence, which is the cross-entropy minus the entropy of p, in nats
     * @param entropy entropy of the head's distribution, in nats
     * @param agreement fraction of positions at which the greedy choices of the head and the last layer are equal
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
}
