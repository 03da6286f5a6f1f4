package sparrow.train;

import sparrow.tensor.kernel.Block;
import sparrow.train.harvest.Positions;

/**
 * The distance of a head from the last layer. Tokens are compared by their distributions, and frames by their codes'
 * distributions or by the depth decoder's inputs.
 */
sealed interface HeadLoss permits VocabularyLoss, FrameLoss {
    /**
     * Returns the loss of each position and replaces the scores by their gradient.
     *
     * @param scores the head's scores, [positions, rows]; replaced by the weighted gradient of the loss
     * @param weights weights of the positions, which apply only to the gradient
     */
    double[] gradient(Block scores, Positions batch, double[] weights);

    /**
     * Returns the agreement of a head with the last layer.
     *
     * @param layer layer whose states the head reads
     */
    HeadAgreement agreement(Scorer head, int layer, Positions positions);

    interface Scorer {
        /**
         * Computes scores.
         *
         * @param hidden hidden states, [positions, width]
         * @param scores block that receives the scores, [positions, rows]
         */
        void scores(Block hidden, Block scores);
    }
}
