/**
 * Training data, which consists of the hidden states and last-layer distributions of a model's own replies.
 * {@link Harvest} records them, and {@link HarvestStore} reads them.
 */
package sparrow.train.harvest;
