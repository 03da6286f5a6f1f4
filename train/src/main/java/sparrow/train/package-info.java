/**
 * Training of layer-specific exit heads (SPAR-K, section 4.2.2, Eq. 2; docs/training.md). {@link Harvest} records
 * hidden states and last-layer distributions of a model's own replies, {@link HeadTraining} trains heads on a
 * {@link HarvestStore}, and {@link HeadEvaluation} compares heads with the last layer. Frame heads precede a frozen
 * depth decoder. Every stage can be resumed after it was killed. The gradients are implemented by
 * hand for heads with one matrix and an optional translator; there is no general automatic differentiation.
 */
package sparrow.train;

import sparrow.train.harvest.Harvest;
import sparrow.train.harvest.HarvestStore;
