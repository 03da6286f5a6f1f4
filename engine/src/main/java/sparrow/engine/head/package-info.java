/**
 * The conversion of hidden states to units, and of units to inputs of the next position. An
 * {@link sparrow.engine.head.ExitHead} predicts tokens from the hidden state after its layer (SPAR-K, section 4.2.2,
 * Eq. 2). {@link sparrow.engine.head.ExitHeads} contains a model's heads, which are read from a file, and its
 * {@link sparrow.engine.head.DraftHead}. A {@link sparrow.engine.head.UnitFormat} defines the units of a model family.
 * Its {@link sparrow.engine.head.OutputHead} converts hidden states to {@link sparrow.engine.head.Prediction}s of
 * units, and a decided unit becomes the next position's {@link sparrow.engine.head.Input}.
 * {@link sparrow.engine.head.TokenUnits} is the format of models whose units are tokens.
 *
 * <p>A prediction chooses a unit with its sequence's {@link sparrow.engine.head.Sampler}, which selects the largest ln
 * p + G. The Gumbel noise G is a function of seed, stream, position and token, so a choice does not depend on the batch
 * or on rejected drafts.
 *
 * <p>A heads file may contain its model's fingerprint, in which case it cannot be used with another model. Heads and
 * formats are immutable and safe for use by multiple threads. Output heads, predictions and samplers must be used by
 * one thread.
 */
package sparrow.engine.head;
