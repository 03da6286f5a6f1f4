/**
 * Measures the quality of models with early exit. {@code compare}, {@code layers}, {@code tune} and {@code heads} are
 * the studies; each is an experiment of {@code run} that produces a {@code report}. The studies use {@code data},
 * {@code speak}, {@code asr}, {@code judge} and {@code mos}. The commands are in {@code cli}. Neither
 * {@code sparrow-app} nor the modules below it depend on this artifact.
 */
package sparrow.study;
