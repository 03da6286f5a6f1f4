package sparrow.study.heads;

import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;

/** Makes targets of what a store keeps of the last layer. Its memory goes from batch to batch: one batch at a time. */
final class TargetReader {
    private final StoreMetadata metadata;
    private final OutputRows output;
    private final InputNorm finalNorm;
    private final Scratch states;
    private final Scratch scores;

    /**
     * @param output the rows of a head's tokens: of a distribution over more tokens, what these have, as if they were all
     */
    TargetReader(StoreMetadata metadata, OutputRows output) {
        this.metadata = metadata;
        this.output = output;
        this.finalNorm = InputNorm.of(HeadNorm.FINAL, output.model().transformer());
        this.states = new Scratch(metadata.width());
        this.scores = new Scratch(output.rows());
    }

    TargetBatch read(Positions positions) {
        return switch (metadata.targets()) {
            case Targets.Top(int k) -> TopTargets.of(positions, k, output);
            case Targets.Exact() -> exact(positions);
        };
    }

    private TargetBatch exact(Positions positions) {
        Kernels kernels = finalNorm.kernels();
        Block last = states.rows(positions.size());
        positions.states(metadata.layers().size(), last.data(), metadata.width());
        finalNorm.apply(last, last);
        Block logits = scores.rows(positions.size());
        kernels.linear(last, output.weight(), null, logits);
        return new ExactTargets(kernels, logits);
    }
}
