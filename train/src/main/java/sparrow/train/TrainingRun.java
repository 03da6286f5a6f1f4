package sparrow.train;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.SplittableRandom;
import sparrow.tensor.kernel.ComputePool;
import sparrow.train.TrainedHead.EpochFigures;
import sparrow.train.TrainingCheckpoint.TrainingState;
import sparrow.train.harvest.Positions;
import sparrow.train.optimiser.AdamW;
import sparrow.train.optimiser.AdamW.Parameter;
import sparrow.train.optimiser.Hyperparameters;

/** Runs one training from its checkpoint, or from the beginning, to the end. */
final class TrainingRun {
    private final Objective objective;
    private final Hyperparameters hyperparameters;
    private final int layer;
    private final TrainingCheckpoint checkpoint;
    private final TrainingListener listener;
    private final int steps;
    private final int warmUp;
    private final TrainingState state;

    /**
     * @param layer layer whose states are read, for the listener and messages
     * @param checkpoint checkpoint from which training resumes if it exists, and to which it is saved
     */
    TrainingRun(
            Objective objective,
            Hyperparameters hyperparameters,
            int layer,
            TrainingCheckpoint checkpoint,
            ComputePool pool,
            TrainingListener listener) {
        this.objective = objective;
        this.hyperparameters = hyperparameters;
        this.layer = layer;
        this.checkpoint = checkpoint;
        this.listener = listener;
        this.steps = Math.multiplyExact(hyperparameters.epochs(), stepsOfAnEpoch());
        this.warmUp = (int) Math.round(hyperparameters.warmUp() * steps);
        this.state = new TrainingState(
                objective.parameters(), new AdamW(pool, objective.parameters(), hyperparameters.weightDecay()));
    }

    private int stepsOfAnEpoch() {
        return Math.ceilDiv(objective.split().training().size(), hyperparameters.batch());
    }

    /**
     * Runs the training. The result has the parameters of the epoch with the smallest held-out loss.
     *
     * @throws ClosedByInterruptException if the thread was interrupted; in this case, the checkpoint is up to date
     * @throws IOException if the checkpoint cannot be read or written
     */
    TrainedHead run() throws IOException {
        if (checkpoint.exists()) checkpoint.read(state);
        else evaluate(0, Double.NaN);
        listener.begin(layer, state.step, steps);
        state.epochs.forEach(epoch -> listener.epoch(layer, epoch));
        while (state.step < steps && !stopsEarly()) epoch();
        checkpoint.write(state);
        state.takeBest();
        return new TrainedHead(layer, state.epochs, state.bestEpoch());
    }

    /**
     * Returns the learning rate of a step, counted from 1. The rate rises linearly to its peak and then falls linearly;
     * it is above zero until the last step.
     */
    private double learningRate(int step) {
        double peak = hyperparameters.learningRate();
        return step <= warmUp ? peak * step / warmUp : peak * (steps - step + 1) / (steps - warmUp);
    }

    private boolean stopsEarly() {
        return state.epochs.getLast().epoch() - state.bestEpoch().epoch() >= hyperparameters.patience();
    }

    /** Trains the remaining part of the epoch to which the next step belongs. */
    private void epoch() throws IOException {
        int batches = stepsOfAnEpoch();
        int epoch = state.step / batches + 1;
        // The order depends only on seed and epoch, so that a training can resume within an epoch.
        Positions order =
                objective.split().training().shuffled(new SplittableRandom(hyperparameters.seed() * 31 + epoch));
        for (int i = state.step % batches; i < batches; i++) {
            step(order.range(i * hyperparameters.batch(), Math.min(order.size(), (i + 1) * hyperparameters.batch())));
            listener.step(layer);
            if (i == batches - 1) {
                evaluate(epoch, state.lossSum / state.weightSum);
                listener.epoch(layer, state.epochs.getLast());
            }
            saveIfDue(i == batches - 1);
        }
    }

    private void step(Positions batch) {
        Objective.Loss loss = objective.backward(batch);
        state.step++;
        state.optimizer.step(learningRate(state.step), state.step);
        state.lossSum += loss.sum();
        state.weightSum += loss.weight();
    }

    private void evaluate(int epoch, double trainingLoss) {
        EpochFigures figures = objective.evaluate(epoch, trainingLoss);
        double heldOutLoss = figures.heldOutLoss();
        if (Double.isNaN(heldOutLoss) || Double.isInfinite(heldOutLoss)) {
            throw new IllegalStateException("layer " + layer + ": the held-out loss is " + heldOutLoss + " after epoch "
                    + epoch + "; try a smaller learning rate");
        }
        state.add(figures);
    }

    private void saveIfDue(boolean endOfEpoch) throws IOException {
        // The flag is cleared first because writing must not be interrupted.
        boolean interrupted = Thread.interrupted();
        if (interrupted || endOfEpoch || state.step % hyperparameters.checkpoint() == 0) {
            checkpoint.write(state);
        }
        if (interrupted) throw new ClosedByInterruptException();
    }

    /**
     * A loss over positions and the parameters that a {@link TrainingRun} changes to minimise it. It must be used by
     * one thread at a time.
     */
    interface Objective {
        List<Parameter> parameters();

        /** Returns the positions for training and measurement. */
        Split split();

        /** Computes the gradients of a batch's mean loss. */
        Loss backward(Positions batch);

        /** Measures the held-out positions with the current parameters. */
        EpochFigures evaluate(int epoch, double trainingLoss);

        /**
         * The loss of a batch.
         *
         * @param sum sum of the weighted losses
         * @param weight sum of the weights
         */
        record Loss(double sum, double weight) {}
    }
}
