/**
 * The arithmetic of a training step, which does not depend on the trained model: {@link AdamW}, its
 * {@link Hyperparameters} and the {@link MatrixProducts} for gradients.
 */
package sparrow.train.optimiser;
