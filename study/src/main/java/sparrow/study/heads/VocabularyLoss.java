package sparrow.study.heads;

import sparrow.engine.kernel.Block;

/** Cross-entropy against the last layer's distribution over tokens. */
final class VocabularyLoss implements HeadLoss {
    private final HeadComparison comparison;
    private final TargetReader targets;
    private final SoftCrossEntropy crossEntropy;

    /**
     * @param output the rows of the head's tokens
     */
    VocabularyLoss(StoreMetadata metadata, OutputRows output) {
        this.comparison = new HeadComparison(metadata, output);
        this.targets = new TargetReader(metadata, output);
        this.crossEntropy = new SoftCrossEntropy(output.model().transformer().kernels());
    }

    @Override
    public double[] gradient(Block scores, Positions batch, double[] weights) {
        return crossEntropy.gradient(scores, targets.read(batch), weights);
    }

    @Override
    public HeadAgreement agreement(HeadComparison.Scorer head, int layer, Positions positions) {
        return comparison.of(head, layer, positions);
    }
}
