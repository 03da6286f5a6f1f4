package sparrow.train;

import java.util.function.IntPredicate;
import sparrow.engine.transformer.Logits;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.TargetBatch.ExactTargets;
import sparrow.train.TargetBatch.SoftCrossEntropy;
import sparrow.train.TargetBatch.TopTargets;
import sparrow.train.TrainingSettings.HeadNorm;
import sparrow.train.harvest.Positions;
import sparrow.train.harvest.StoreMetadata;

/**
 * Cross-entropy against the last layer's distribution over tokens. Its memory is reused for each batch, so only one
 * batch can be processed at a time.
 */
final class VocabularyLoss implements HeadLoss {
    /** Number of positions that are measured together. */
    private static final int POSITIONS = 128;

    private final StoreMetadata metadata;
    private final OutputRows output;
    private final Kernels kernels;
    private final InputNorm finalNorm;
    private final SoftCrossEntropy crossEntropy;
    private final Scratch states;
    private final Scratch scores;
    private final Scratch targets;

    /**
     * @param output rows of the head's tokens; a distribution over more tokens is restricted to these tokens and
     *     renormalised
     */
    VocabularyLoss(StoreMetadata metadata, OutputRows output) {
        this.metadata = metadata;
        this.output = output;
        this.kernels = output.model().transformer().kernels();
        this.finalNorm = InputNorm.of(HeadNorm.FINAL, output.model().transformer());
        this.crossEntropy = new SoftCrossEntropy(kernels);
        this.states = new Scratch(metadata.width());
        this.scores = new Scratch(output.rows());
        this.targets = new Scratch(output.rows());
    }

    @Override
    public double[] gradient(Block scores, Positions batch, double[] weights) {
        return crossEntropy.gradient(scores, targets(batch), weights);
    }

    /** Returns the last layer's distributions, computed from the stored data. */
    TargetBatch targets(Positions positions) {
        int top = metadata.targets().top();
        if (top > 0) return TopTargets.of(positions, top, output);
        Block last = states.rows(positions.size());
        positions.states(metadata.modelLayers(), last.data(), metadata.width());
        finalNorm.apply(last, last);
        Block logits = targets.rows(positions.size());
        kernels.linear(last, output.weight(), null, logits);
        return new ExactTargets(kernels, logits);
    }

    @Override
    public HeadAgreement agreement(Scorer head, int layer, Positions positions) {
        HeadAgreement.Sum sum = new HeadAgreement.Sum();
        for (int from = 0; from < positions.size(); from += POSITIONS) {
            Positions some = positions.range(from, Math.min(positions.size(), from + POSITIONS));
            Block hidden = states.rows(some.size());
            some.states(layer, hidden.data(), metadata.width());
            Block logits = scores.rows(some.size());
            head.scores(hidden, logits);
            add(logits, some, _ -> true, sum);
        }
        return sum.mean();
    }

    /**
     * Adds the metrics of positions to a sum.
     *
     * @param logits the head's logits, [positions, rows], which are overwritten
     * @param counts determines which positions are included
     */
    void add(Block logits, Positions some, IntPredicate counts, HeadAgreement.Sum sum) {
        int n = some.size();
        double[] entropies = new double[n];
        boolean[] agrees = new boolean[n];
        int rows = output.rows();
        kernels.pool().forEach(n, i -> {
            float[] own = new float[rows];
            System.arraycopy(logits.data(), i * rows, own, 0, rows);
            Logits its = Logits.of(own, output.tokens());
            entropies[i] = its.entropy();
            agrees[i] = its.best(output.model().tokens().usable()) == some.choice(i);
        });
        TargetBatch batch = targets(some);
        double[] losses = crossEntropy.gradient(logits, batch, new double[n]);
        for (int i = 0; i < n; i++) {
            if (!counts.test(i)) continue;
            sum.of(some.modality(i)).add(losses[i], batch.entropy(i), entropies[i], agrees[i]);
        }
    }
}
