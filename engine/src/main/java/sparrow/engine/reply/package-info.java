/**
 * Replies: a {@link Step} for each unit that was decided, the reason of the end, and the computation that it took, from which {@link
 * DepthSummary} makes the averages of the paper.
 */
package sparrow.engine.reply;
