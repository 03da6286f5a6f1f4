package sparrow.study.heads;

import java.util.List;
import java.util.function.IntFunction;
import sparrow.engine.exit.Logits;
import sparrow.engine.kernel.Block;

/** Compares heads with the last layer at positions of a store. */
final class HeadComparison {
    /** Positions at a time. */
    private static final int POSITIONS = 128;

    private final StoreMetadata metadata;
    private final OutputRows output;
    private final TargetReader targets;
    private final SoftCrossEntropy loss;
    private final Scratch states;
    private final Scratch scores;

    /**
     * @param output the rows of the heads' tokens
     */
    HeadComparison(StoreMetadata metadata, OutputRows output) {
        this.metadata = metadata;
        this.output = output;
        this.targets = new TargetReader(metadata, output);
        this.loss = new SoftCrossEntropy(output.model().transformer().kernels());
        this.states = new Scratch(metadata.width());
        this.scores = new Scratch(output.rows());
    }

    /** Gives scores to positions. */
    interface Scorer {
        /**
         * @param hidden [positions, width]
         * @param scores [positions, rows], one row for each token of the output rows
         */
        void scores(Block hidden, Block scores);
    }

    /**
     * The figures of a head.
     *
     * @param layer whose states it reads
     */
    HeadAgreement of(Scorer head, int layer, Positions positions) {
        HeadAgreement.Sum sum = new HeadAgreement.Sum();
        for (int from = 0; from < positions.size(); from += POSITIONS) {
            add(head, layer, positions.range(from, Math.min(positions.size(), from + POSITIONS)), sum);
        }
        return sum.mean();
    }

    private void add(Scorer head, int layer, Positions some, HeadAgreement.Sum sum) {
        int n = some.size();
        Block hidden = states.rows(n);
        some.states(metadata.layers().indexOf(layer), hidden.data(), metadata.width());
        Block logits = scores.rows(n);
        head.scores(hidden, logits);
        add(logits, some, i -> List.of(sum.of(some.modality(i))));
    }

    /**
     * Adds positions up.
     *
     * @param logits what a head gives them, [positions, rows]; do not stay as they are
     * @param sums those that a position counts in
     */
    void add(Block logits, Positions some, IntFunction<List<Figures.Sum>> sums) {
        int n = some.size();
        double[] entropies = new double[n];
        boolean[] agrees = new boolean[n];
        int rows = output.rows();
        output.model().transformer().kernels().pool().forEach(n, i -> {
            float[] own = new float[rows];
            System.arraycopy(logits.data(), i * rows, own, 0, rows);
            Logits its = new Logits(own, output.tokens());
            entropies[i] = its.entropy();
            agrees[i] = its.best(output.model().tokens().usable()) == some.choice(i);
        });
        TargetBatch batch = targets.read(some);
        double[] losses = loss.gradient(logits, batch, new double[n]);
        for (int i = 0; i < n; i++) {
            for (Figures.Sum sum : sums.apply(i)) sum.add(losses[i], batch.entropy(i), entropies[i], agrees[i]);
        }
    }
}
