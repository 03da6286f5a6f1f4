package sparrow.train;

import java.util.List;

/**
 * The figures of the training of a head.
 *
 * @param layer of the head
 * @param epochs figures before training and after every epoch
 * @param best the epoch whose parameters the head has
 */
public record TrainedHead(int layer, List<EpochFigures> epochs, EpochFigures best) {
    public TrainedHead {
        epochs = List.copyOf(epochs);
    }

    /**
     * One pass over the positions.
     *
     * @param epoch from 1; 0 for the head as it began
     * @param trainingLoss mean over the steps of the epoch, as they went; NaN before the first
     * @param heldOutLoss of the held-out replies, after the epoch
     * @param heldOut the held-out replies, after the epoch; of a draft head its first step
     * @param further of a draft head the other steps, from the second on; else empty
     */
    public record EpochFigures(
            int epoch, double trainingLoss, double heldOutLoss, HeadAgreement heldOut, List<HeadAgreement> further) {
        public EpochFigures {
            further = List.copyOf(further);
        }

        EpochFigures(int epoch, double trainingLoss, double heldOutLoss, HeadAgreement heldOut) {
            this(epoch, trainingLoss, heldOutLoss, heldOut, List.of());
        }
    }
}
