/**
 * Chooses an exit policy: the largest share of depth saved that a budget of quality allows, on held-out questions.
 * Start with {@link Tuning}; {@link Candidates} are the policies of a {@link Sweep}, and {@link Budget} is what quality
 * must not lose. It measures nothing by itself: {@code compare} and {@code layers} do.
 */
package sparrow.study.tune;
