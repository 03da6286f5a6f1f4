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
}
