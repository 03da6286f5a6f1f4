package sparrow.train;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.weights.BadFileException;
import sparrow.tensor.kernel.Block;
import sparrow.train.AdamW.Parameter;
import sparrow.train.DraftHeadTraining.DraftTrainingSettings;
import sparrow.train.TrainedHead.EpochFigures;
import sparrow.train.TrainingRun.Objective;
import sparrow.train.TrainingSettings.HeadNorm;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.HeadVocabulary;
import sparrow.train.harvest.Positions;

/** The training of a draft head. */
final class DraftObjective implements Objective {
    private final DraftTrainingSettings settings;
    private final Split split;
    private final DraftCell cell;
    private final DraftComparison comparison;
    private final MatrixProducts products;
    private final InputNorm finalNorm;
    private final Block w;
    private final List<Scratch> gradients = new ArrayList<>();

    /** @throws BadFileException if no position to train on or to hold out has a next one that counts */
    DraftObjective(HarvestStore store, DraftTrainingSettings settings, OutputRows output) {
        this.settings = settings;
        // A text position may come before speech: it is a place to begin even where text weighs nothing.
        this.split = Split.of(store, HeadVocabulary.FULL, settings.hyperparameters());
        requireNext(split.training(), "train on", store);
        requireNext(split.heldOut(), "hold out", store);
        Transformer transformer = output.model().transformer();
        this.cell = new DraftCell(
                transformer,
                settings.steps(),
                embeddingSize(transformer, output.usable()),
                new SplittableRandom(settings.hyperparameters().seed()));
        this.comparison = new DraftComparison(store.metadata(), output);
        this.products = new MatrixProducts(transformer.kernels());
        this.finalNorm = InputNorm.of(HeadNorm.FINAL, transformer);
        this.w = Block.of(output.copy(), output.rows(), output.width());
        for (int step = 1; step <= settings.steps(); step++) gradients.add(new Scratch(output.width()));
    }

    private void requireNext(Positions positions, String use, HarvestStore store) {
        if (DoubleStream.of(weights(positions, 1)).anyMatch(weight -> weight > 0)) return;
        throw new BadFileException(
                store.folder(), "expected a next token with a weight after some position to " + use + ", found none");
    }

    /** Root mean square of the embeddings of all tokens. */
    private static double embeddingSize(Transformer transformer, int usable) {
        double squares = 0;
        for (int token = 0; token < usable; token++) {
            for (float value : transformer.embed(token)) squares += (double) value * value;
        }
        double size = Math.sqrt(squares / usable / transformer.config().width());
        return size > 0 ? size : 1;
    }

    DraftCell cell() {
        return cell;
    }

    @Override
    public List<Parameter> parameters() {
        return cell.parameters();
    }

    @Override
    public Split split() {
        return split;
    }

    @Override
    public Loss backward(Positions batch) {
        int n = batch.size();
        int steps = settings.steps();
        double[][] weights = new double[steps + 1][];
        double sum = 0;
        for (int step = 1; step <= steps; step++) {
            weights[step] = weights(batch, step);
            for (double weight : weights[step]) sum += weight;
        }
        List<Block> states = comparison.look(cell, steps, batch);
        double lost = 0;
        for (int step = 1; step <= steps; step++) {
            double[] shares = new double[n];
            // If nothing counts, there is nothing to learn.
            for (int i = 0; i < n; i++) shares[i] = sum == 0 ? 0 : weights[step][i] / sum;
            Block logits = comparison.scores(states.get(step));
            double[] losses = comparison.loss().gradient(logits, batch.ahead(step), shares);
            for (int i = 0; i < n; i++) if (weights[step][i] > 0) lost += weights[step][i] * losses[i];
            Block gradient = gradients.get(step - 1).rows(n);
            products.times(logits, w, gradient);
            finalNorm.backward(states.get(step), gradient);
        }
        backward(n);
        return new Loss(lost, sum);
    }

    /** From the last step to the first: what a state does to its own scores, and to the states after it. */
    private void backward(int n) {
        cell.clearGradients();
        Block gradient = gradients.getLast().rows(n);
        for (int step = settings.steps(); step >= 1; step--) {
            cell.backward(step, gradient);
            if (step == 1) return;
            Block own = gradients.get(step - 2).rows(n);
            finalNorm.kernels().addScaled(1, own.data(), 0, gradient.data(), 0, n * w.columns());
        }
    }

    private double[] weights(Positions batch, int step) {
        Positions ahead = batch.ahead(step);
        double[] weights = new double[batch.size()];
        for (int i = 0; i < weights.length; i++) {
            if (!batch.hasAhead(i, step)) continue;
            weights[i] = DraftTrainingSettings.weight(step)
                    * settings.hyperparameters().weight(ahead.modality(i));
        }
        return weights;
    }

    @Override
    public EpochFigures evaluate(int epoch, double trainingLoss) {
        List<HeadAgreement> heldOut = comparison.of(cell, settings.steps(), split.heldOut());
        return new EpochFigures(
                epoch, trainingLoss, loss(heldOut), heldOut.getFirst(), heldOut.subList(1, heldOut.size()));
    }

    /** The mean over all steps, each with its weight and as many positions as it has. */
    private double loss(List<HeadAgreement> steps) {
        double textWeight = settings.hyperparameters().textWeight();
        double sum = 0;
        double weights = 0;
        for (int step = 1; step <= steps.size(); step++) {
            double weight =
                    DraftTrainingSettings.weight(step) * steps.get(step - 1).weight(textWeight);
            if (weight == 0) continue;
            sum += weight * steps.get(step - 1).loss(textWeight);
            weights += weight;
        }
        return sum / weights;
    }
}
