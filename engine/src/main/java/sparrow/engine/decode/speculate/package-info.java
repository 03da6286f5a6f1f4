/**
 * Speculative decoding. The lower layers of the model or a draft head draft units, and full depth verifies them, so the
 * reply equals the reply at full depth. {@link sparrow.engine.decode.speculate.StrategyFactory#decoder} creates a
 * decoder for plans that use it.
 */
package sparrow.engine.decode.speculate;
