/**
 * From a hidden state to a token, and from a token to the input of the next position. An
 * {@link sparrow.engine.head.ExitHead} predicts tokens from the hidden state after its layer (SPAR-K, section 4.2.2,
 * Eq. 2). {@link sparrow.engine.head.ExitHeads} contains the heads of a model, read from a file, and its
 * {@link sparrow.engine.head.DraftHead}. A {@link sparrow.engine.head.UnitFormat} defines the units of a model family:
 * its {@link sparrow.engine.head.OutputHead} turns hidden states into {@link sparrow.engine.head.Prediction}s of units,
 * and a decided unit becomes the {@link sparrow.engine.head.Input} of the next position.
 * {@link sparrow.engine.head.TokenUnits} is the format of models whose units are tokens.
 *
 * <p>A prediction chooses a unit with the {@link sparrow.engine.head.Sampler} of its sequence, which takes the largest
 * ln p + G. The Gumbel noise G is a function of seed, stream, position and token, so a choice does not depend on the
 * batch or on rejected drafts.
 *
 * <p>A file of heads may contain the fingerprint of its model, and cannot be used with another model then. Heads and
 * formats are immutable and safe for several threads. Output heads, predictions and samplers belong to one thread.
 */
package sparrow.engine.head;
