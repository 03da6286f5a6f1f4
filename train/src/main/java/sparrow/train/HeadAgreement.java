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
}
