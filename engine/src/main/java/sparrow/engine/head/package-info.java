/**
 * The way from a hidden state to a token, and from a token to the next position's input. An {@link
 * sparrow.engine.head.ExitHead} predicts tokens from the hidden state after its layer (SPAR-K, Eq. 2); {@link
 * sparrow.engine.head.ExitHeads} are the heads of a model, read from a file, together with its {@link
 * sparrow.engine.head.DraftHead}. A {@link sparrow.engine.head.UnitFormat} is all that the decode loop knows of a model family: its
 * {@link sparrow.engine.head.OutputHead} turns states into {@link sparrow.engine.head.Prediction}s of units, and a decided unit becomes
 * the {@link sparrow.engine.head.Input} of the next position. {@link sparrow.engine.head.TokenUnits} are tokens of one vocabulary.
 *
 * <p>A prediction chooses with the {@link sparrow.engine.head.Sampler} of its sequence. A draw takes the largest ln p + G. The Gumbel
 * noise G is a function of seed, stream, position and token, so a token does not depend on the batch or on rejected drafts.
 *
 * <p>A file of heads may contain the fingerprint of its model; another model then refuses the file. Heads and formats are immutable and
 * safe for several threads. Output heads, predictions and samplers belong to one thread.
 */
package sparrow.engine.head;
