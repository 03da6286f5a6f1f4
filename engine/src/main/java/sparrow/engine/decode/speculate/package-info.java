/**
 * Speculative decoding beside SPAR-K's loop: early units that full depth verifies, so that the reply is exact, and drafts of the
 * model's own lower layers or of a draft head. {@link sparrow.engine.decode.speculate.Speculative} is the {@link
 * sparrow.engine.decode.Commitment.Factory} that a {@link sparrow.engine.decode.Decoder} is given for plans that want it.
 */
package sparrow.engine.decode.speculate;
