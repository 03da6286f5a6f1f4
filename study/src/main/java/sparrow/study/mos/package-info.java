/** Scores of how natural speech sounds, predicted as listeners would give them: mean opinion scores from 1 to 5. */
package sparrow.study.mos;
