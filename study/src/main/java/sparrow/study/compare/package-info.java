/**
 * Compares SPAR-K with other exit policies on a model: the paper's main table (Table 2). Start with {@link Comparison},
 * whose {@code run} is structured like the method section of a paper: each policy answers each question, the first
 * questions are timed, replies are scored and judged, and a report summarises the results. {@link CompareSetup}
 * contains the questions and the policies, {@link Scorers} contains the scorers, and {@link Comparison.CompareOutcome}
 * contains the results. Workers, in this process or elsewhere, answer questions and score speech; the judge always runs
 * in this process. Each step stores its results item by item. Questions that fail are counted and excluded from the
 * means.
 */
package sparrow.study.compare;

import sparrow.study.scoring.Scorers;
