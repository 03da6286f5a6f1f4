/**
 * Training of the layer-specific exit heads (SPAR-K, section 4.2.2, Eq. 2; docs/training.md). {@link Harvest} records hidden
 * states and last-layer distributions of a model's own replies, {@link HeadTraining} trains heads on a {@link
 * HarvestStore}, and {@link HeadEvaluation} compares heads with the last layer. Heads of frames stand before a frozen depth decoder ({@link
 * FrameTarget}). All of them resume after a kill. The
 * gradients are written by hand, for heads of one matrix and perhaps a translator; there is no general automatic
 * differentiation.
 */
package sparrow.train;

import sparrow.train.harvest.Harvest;
import sparrow.train.harvest.HarvestStore;
