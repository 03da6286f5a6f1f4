/**
 * The arithmetic of a training step, independent of what is trained: {@link AdamW}, its {@link Hyperparameters} and the
 * {@link MatrixProducts} for gradients.
 */
package sparrow.train.optimiser;
