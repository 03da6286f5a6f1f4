/**
 * Speculative decoding: early units that full depth verifies, so that the reply equals that of full depth, and drafts by the model's own
 * lower layers or by a draft head. {@link sparrow.engine.decode.speculate.AllStrategies#decoder} makes a decoder for plans that use it.
 */
package sparrow.engine.decode.speculate;
