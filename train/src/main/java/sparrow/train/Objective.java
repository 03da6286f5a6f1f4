package sparrow.train;

import java.util.List;
import sparrow.train.harvest.Positions;

/** A loss over positions and the parameters that a {@link TrainingRun} changes to make it small. One thread uses it at a time. */
interface Objective {
    List<Parameter> parameters();

    /** Positions to train on and to measure. */
    Split split();

    /** Finds the gradients of the mean loss of a batch. */
    Loss backward(Positions batch);

    /** The held-out positions as they are now. */
    EpochFigures evaluate(int epoch, double trainingLoss);

    /**
     * The loss of a batch.
     *
     * @param sum weighted losses
     * @param weight sum of the weights
     */
    record Loss(double sum, double weight) {}
}
