/**
 * Causal stacks of LFM layers in audio networks, and {@link sparrow.speech.lfm.CausalEncoder}, which is LFM3-Audio's
 * encoder and consists of such layers.
 */
package sparrow.speech.lfm;
