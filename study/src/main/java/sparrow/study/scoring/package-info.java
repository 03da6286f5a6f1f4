/**
 * Scores of replies. {@link ScoringPlan} names a recogniser, a scorer of opinions and a judge, and {@link Scorers} opens
 * them. {@link AudioScorer} gives the {@link AudioScores} of a {@link Clip}: its words and its predicted opinion score.
 * {@link AudioScoring} scores all clips of a run, here or on workers elsewhere, each distinct one once, and keeps the
 * scores in the run's folder by the clip's digest.
 */
package sparrow.study.scoring;
