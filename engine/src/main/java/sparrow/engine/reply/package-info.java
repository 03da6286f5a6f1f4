/**
 * Results of decoding. A {@link Reply} contains a {@link Step} for each decided unit, the reason why it ended, and the
 * amount of computation. {@link DepthSummary} computes the average depths reported by the paper.
 */
package sparrow.engine.reply;
