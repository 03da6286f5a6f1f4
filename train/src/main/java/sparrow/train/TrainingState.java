package sparrow.train;

import java.util.ArrayList;
import java.util.List;

/**
 * The state of a training. With it training resumes to the bit as if it had never stopped: the random
 * numbers follow from seed and epoch.
 */
final class TrainingState {
    final List<Parameter> parameters;
    final AdamW optimizer;

    int step;

    /** Of the epoch that has begun: weighted losses so far, and the weights. */
    double lossSum;

    double weightSum;

    final List<EpochFigures> epochs = new ArrayList<>();

    /** The parameters' values after the epoch of the smallest held-out loss. */
    final List<float[]> best;

    TrainingState(List<Parameter> parameters, AdamW optimizer) {
        this.parameters = parameters;
        this.optimizer = optimizer;
        this.best = parameters.stream().map(p -> p.values().clone()).toList();
    }

    /** The epoch of the smallest held-out loss, the first where several have it. */
    EpochFigures bestEpoch() {
        EpochFigures best = epochs.getFirst();
        for (EpochFigures epoch : epochs) if (epoch.heldOutLoss() < best.heldOutLoss()) best = epoch;
        return best;
    }

    /** Notes a measured epoch; its parameters are kept if none before was better. */
    void add(EpochFigures epoch) {
        epochs.add(epoch);
        lossSum = 0;
        weightSum = 0;
        if (bestEpoch() != epoch) return;
        for (int i = 0; i < parameters.size(); i++) {
            System.arraycopy(parameters.get(i).values(), 0, best.get(i), 0, best.get(i).length);
        }
    }

    /** Gives the parameters the values of the best epoch. */
    void takeBest() {
        for (int i = 0; i < parameters.size(); i++) {
            System.arraycopy(best.get(i), 0, parameters.get(i).values(), 0, best.get(i).length);
        }
    }
}
