/**
 * Causal stacks of LFM layers in audio networks, and the encoder of LFM3-Audio, a {@link
 * sparrow.speech.lfm.CausalEncoder} of such layers.
 */
package sparrow.speech.lfm;
