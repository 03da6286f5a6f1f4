/**
 * The arithmetic of a training step, whatever is trained: {@link AdamW}, its {@link Hyperparameters} and the {@link
 * MatrixProducts} of gradients.
 */
package sparrow.train.optimiser;
