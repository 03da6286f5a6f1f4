package sparrow.train;

import java.util.List;
import java.util.SplittableRandom;
import sparrow.tensor.kernel.Block;
import sparrow.train.TrainedHead.EpochFigures;
import sparrow.train.TrainingRun.Objective;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.HeadVocabulary;
import sparrow.train.harvest.Positions;
import sparrow.train.optimiser.AdamW.Parameter;
import sparrow.train.optimiser.Hyperparameters;

/** The objective for training one layer's head. */
final class LayerObjective implements Objective {
    private final Hyperparameters hyperparameters;
    private final int layer;
    private final Split split;
    private final HeadLoss loss;
    private final int width;
    private final Scratch states;
    private final Scratch scores;
    private final TrainableHead head;

    /**
     * @param output rows with which the head is initialised
     * @param loss loss that is minimised
     */
    LayerObjective(HarvestStore store, TrainingSettings settings, int layer, OutputRows output, HeadLoss loss) {
        this.hyperparameters = settings.hyperparameters();
        this.layer = layer;
        // Exclude text positions that have no weight, because they would waste steps.
        this.split = Split.of(
                store,
                hyperparameters.textWeight() == 0
                                && settings.vocabulary() == HeadVocabulary.FULL
                                && store.metadata().codebooks() == 0
                        ? HeadVocabulary.SPEECH
                        : settings.vocabulary(),
                hyperparameters);
        this.loss = loss;
        this.width = output.width();
        this.states = new Scratch(width);
        this.scores = new Scratch(output.rows());
        this.head = TrainableHead.of(
                settings.shape(),
                output,
                InputNorm.of(settings.norm(), output.model().transformer()),
                new SplittableRandom(hyperparameters.seed() + layer));
    }

    TrainableHead head() {
        return head;
    }

    @Override
    public List<Parameter> parameters() {
        return head.parameters();
    }

    @Override
    public Split split() {
        return split;
    }

    @Override
    public Loss backward(Positions batch) {
        int n = batch.size();
        Block hidden = states.rows(n);
        batch.states(layer, hidden.data(), width);
        Block logits = scores.rows(n);
        head.scores(hidden, logits);
        double[] weights = new double[n];
        double sum = 0;
        for (int i = 0; i < n; i++) {
            weights[i] = hyperparameters.weight(batch.modality(i));
            sum += weights[i];
        }
        double[] shares = new double[n];
        for (int i = 0; i < n; i++) shares[i] = weights[i] / sum;
        double[] losses = loss.gradient(logits, batch, shares);
        head.backward(logits);
        double lost = 0;
        for (int i = 0; i < n; i++) lost += weights[i] * losses[i];
        return new Loss(lost, sum);
    }

    @Override
    public EpochFigures evaluate(int epoch, double trainingLoss) {
        HeadAgreement heldOut = loss.agreement(head::scores, layer, split.heldOut());
        return new EpochFigures(epoch, trainingLoss, heldOut.loss(hyperparameters.textWeight()), heldOut);
    }
}
