package sparrow.train;

import sparrow.tensor.kernel.Block;
import sparrow.train.harvest.Positions;

/** The distance of a head from the last layer: tokens by their distributions, or frames by those of their codes. */
sealed interface HeadLoss permits VocabularyLoss, FrameLoss {
    /**
     * The loss of each position.
     *
     * @param scores of the head, [positions, rows]; become weight x gradient of the loss
     * @param weights of the positions, in the gradient alone
     */
    double[] gradient(Block scores, Positions batch, double[] weights);

    /**
     * The figures of a head.
     *
     * @param layer whose states it reads
     */
    HeadAgreement agreement(Scorer head, int layer, Positions positions);

    interface Scorer {
        /**
         * @param hidden [positions, width]
         * @param scores [positions, rows]
         */
        void scores(Block hidden, Block scores);
    }
}
