package sparrow.study.heads;

import java.util.List;

/** What a {@link TrainingRun} trains. One thread uses it at a time. */
interface Trainee {
    /** What is trained. */
    List<Parameter> parameters();

    /** Positions to train on and to measure. */
    Split split();

    /** Finds the gradients of the mean loss of a batch. */
    Loss gradients(Positions batch);

    /** The held-out positions as they are now. */
    EpochFigures measure(int epoch, double trainingLoss);

    /**
     * What a batch lost.
     *
     * @param sum weighted losses
     * @param weight sum of the weights
     */
    record Loss(double sum, double weight) {}
}
