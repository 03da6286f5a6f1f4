/**
 * The laboratory: everything that asks how good a model with early exit is. {@code compare}, {@code layers}, {@code
 * tune} and {@code heads} are the studies; each is an experiment of {@code run} and ends in a {@code report}. {@code
 * data}, {@code speak}, {@code asr}, {@code judge} and {@code mos} are the instruments that they use. The commands are
 * in {@code cli}. The instrument, {@code sparrow-app} and below, does not know this artifact.
 */
package sparrow.study;
