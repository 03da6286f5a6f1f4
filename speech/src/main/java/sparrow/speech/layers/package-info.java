/**
 * Layers that the audio networks are built of: {@link Linear}, {@link Norm}, {@link Convolution}, {@link
 * CausalConvolution}, {@link Upsampling}, {@link TiledAttention}. {@link LayerReader} reads them by name from a
 * checkpoint and checks their shapes. {@link Probe} lets a test look inside a network, by the names of the official
 * modules. Activations lie time first, so that a convolution is a matrix product over overlapping rows. Which layers
 * make which network is not known here.
 */
package sparrow.speech.layers;
