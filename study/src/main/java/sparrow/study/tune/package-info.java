/**
 * Chooses the exit policy that saves the most depth within a quality budget on held-out questions. Start with
 * {@link Tuning}; {@link Candidates} creates the policies of a {@link Sweep}, and {@link Budget} limits the loss of
 * quality. The measurements are made by {@code compare} and {@code layers}.
 */
package sparrow.study.tune;
