/**
 * Scores replies. A {@link ScoringPlan} specifies a recogniser, an opinion scorer and a judge, and {@link Scorers}
 * opens them. {@link AudioScorer} computes the {@link AudioScores} of a {@link Clip}: its transcript and its predicted
 * opinion score. {@link AudioScoring} scores each distinct clip of a run once, in this process or on workers elsewhere,
 * and stores the scores in the run's folder by clip digest.
 */
package sparrow.study.scoring;
