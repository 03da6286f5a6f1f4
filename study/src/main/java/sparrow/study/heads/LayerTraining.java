package sparrow.study.heads;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import sparrow.engine.interleave.Modality;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;
import sparrow.study.run.RunFacts;

/** The training of one layer's head, from where its checkpoint stands to the end. */
final class LayerTraining {
    private final TrainingSettings settings;
    private final int layer;
    private final Split split;
    private final Path checkpoint;
    private final RunFacts facts;
    private final TrainingListener listener;
    private final LearningRate rate;
    private final HeadComparison comparison;
    private final TargetReader targets;
    private final SoftCrossEntropy loss;
    private final int width;
    private final int index;
    private final Scratch states;
    private final Scratch scores;
    private final TrainingState state;

    /**
     * @param output the rows of the head's tokens
     * @param checkpoint file that the training goes on from where it is there, and is saved to
     */
    LayerTraining(
            HarvestStore store,
            TrainingSettings settings,
            int layer,
            OutputRows output,
            Path checkpoint,
            TrainingListener listener) {
        this.settings = settings;
        this.layer = layer;
        this.split = Split.of(store, settings);
        this.checkpoint = checkpoint;
        this.facts = settings.with(store, layer);
        this.listener = listener;
        int steps = Math.multiplyExact(settings.epochs(), stepsOfAnEpoch());
        this.rate = new LearningRate(settings.learningRate(), (int) Math.round(settings.warmUp() * steps), steps);
        this.comparison = new HeadComparison(store.facts(), output);
        this.targets = new TargetReader(store.facts(), output);
        Kernels kernels = output.model().transformer().kernels();
        this.loss = new SoftCrossEntropy(kernels);
        this.width = output.width();
        this.index = store.facts().layers().indexOf(layer);
        this.states = new Scratch(width);
        this.scores = new Scratch(output.rows());
        TrainableHead head = TrainableHead.of(
                settings.shape(),
                output,
                InputNorm.of(settings.norm(), output.model().transformer()),
                new SplittableRandom(settings.seed() + layer));
        this.state = new TrainingState(head, new AdamW(kernels.pool(), head.parameters(), settings.weightDecay()));
    }

    private int stepsOfAnEpoch() {
        return Math.ceilDiv(split.training().size(), settings.batch());
    }

    /**
     * Trains. The head that comes out has the parameters of the epoch with the smallest held-out loss.
     *
     * @throws ClosedByInterruptException if the thread was interrupted; the checkpoint is up to date
     * @throws IOException if the checkpoint cannot be read or written
     */
    TrainingState run() throws IOException {
        if (Files.exists(checkpoint)) TrainingCheckpoint.read(checkpoint, facts, state);
        else measure(0, Double.NaN);
        listener.begin(layer, state.step, rate.steps());
        state.epochs.forEach(epoch -> listener.epoch(layer, epoch));
        while (state.step < rate.steps() && !outOfPatience()) epoch();
        TrainingCheckpoint.write(checkpoint, facts, state);
        state.takeBest();
        return state;
    }

    private boolean outOfPatience() {
        return state.epochs.getLast().epoch() - state.bestEpoch().epoch() >= settings.patience();
    }

    /** What is left of the epoch that the next step belongs to. */
    private void epoch() throws IOException {
        int steps = stepsOfAnEpoch();
        int epoch = state.step / steps + 1;
        // The order follows from seed and epoch alone, so that a training can go on in the middle of one.
        Positions order = split.training().shuffled(new SplittableRandom(settings.seed() * 31 + epoch));
        for (int i = state.step % steps; i < steps; i++) {
            step(order.range(i * settings.batch(), Math.min(order.size(), (i + 1) * settings.batch())));
            listener.step(layer);
            if (i == steps - 1) {
                measure(epoch, state.lossSum / state.weightSum);
                listener.epoch(layer, state.epochs.getLast());
            }
            saveIfDue(i == steps - 1);
        }
    }

    private void step(Positions batch) {
        int n = batch.size();
        Block hidden = states.rows(n);
        batch.states(index, hidden.data(), width);
        Block logits = scores.rows(n);
        state.head.scores(hidden, logits);
        double[] weights = weights(batch);
        double sum = 0;
        for (double weight : weights) sum += weight;
        double[] shares = new double[n];
        for (int i = 0; i < n; i++) shares[i] = weights[i] / sum;
        double[] losses = loss.gradient(logits, targets.read(batch), shares);
        state.head.gradients(logits);
        state.step++;
        state.optimizer.step(rate.at(state.step), state.step);
        for (int i = 0; i < n; i++) state.lossSum += weights[i] * losses[i];
        state.weightSum += sum;
    }

    private double[] weights(Positions batch) {
        double[] weights = new double[batch.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = batch.modality(i) == Modality.SPEECH ? 1 : settings.textWeight();
        }
        return weights;
    }

    private void measure(int epoch, double trainingLoss) {
        HeadAgreement heldOut = comparison.of(state.head::scores, layer, split.heldOut());
        double heldOutLoss = heldOut.loss(settings.textWeight());
        if (Double.isNaN(heldOutLoss) || Double.isInfinite(heldOutLoss)) {
            throw new IllegalStateException("layer " + layer + ": the held-out loss is " + heldOutLoss + " after epoch "
                    + epoch + "; try a smaller learning rate");
        }
        state.add(new EpochFigures(epoch, trainingLoss, heldOutLoss, heldOut));
    }

    private void saveIfDue(boolean endOfEpoch) throws IOException {
        // Writing must not be interrupted, so the flag is taken down first.
        boolean interrupted = Thread.interrupted();
        if (interrupted || endOfEpoch || state.step % settings.checkpoint() == 0) {
            TrainingCheckpoint.write(checkpoint, facts, state);
        }
        if (interrupted) throw new ClosedByInterruptException();
    }
}
