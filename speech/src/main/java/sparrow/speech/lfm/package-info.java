/**
 * Causal stacks of LFM layers in audio networks. {@link sparrow.speech.lfm.CausalEncoder} is LFM3-Audio's encoder, which
 * consists of such layers.
 */
package sparrow.speech.lfm;
