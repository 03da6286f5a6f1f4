package sparrow.train;

import java.util.Optional;
import sparrow.engine.interleave.Modality;

/**
 * A head against the last layer.
 *
 * @param speech over speech positions; empty if there are none
 * @param text over text positions; empty if there are none, or if the head knows no text
 */
public record HeadAgreement(Optional<Figures> speech, Optional<Figures> text) {
    /** The objective of training: the cross-entropy over all positions, a text position with its weight. */
    double loss(double textWeight) {
        double spoken = speech.map(Figures::positions).orElse(0L);
        double written = textWeight * text.map(Figures::positions).orElse(0L);
        return (spoken * speech.map(Figures::crossEntropy).orElse(0.0)
                        + written * text.map(Figures::crossEntropy).orElse(0.0))
                / (spoken + written);
    }

    /** Sum of the weights of all positions. */
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
}
