/**
 * SPAR-K beside other exit policies on one model: the paper's main table (Table 2). Start with {@link Comparison},
 * whose {@code run} reads like a method section: every policy answers every question, some are timed, replies are
 * scored and judged, and a report sums up. {@link CompareSetup} holds the questions and the policies, {@link Scorers} the
 * scorers, and {@link Comparison.CompareOutcome} the result. Workers, here or elsewhere, answer and score speech; the judge is always
 * here. Each step is kept item by item. A question that fails is counted and left out of the means.
 */
package sparrow.study.compare;

import sparrow.study.scoring.Scorers;
