/**
 * The training data: hidden states and distributions of the last layer of a model's own replies, recorded by {@link Harvest}
 * and read by {@link HarvestStore}.
 */
package sparrow.train.harvest;
