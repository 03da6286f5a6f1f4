/**
 * Layers that the audio networks are built of: {@link Linear}, {@link Norm}, {@link Convolution},
 * {@link CausalConvolution}, {@link Upsampling}, {@link TiledAttention}. {@link LayerReader} reads them by name from a
 * checkpoint and checks their shapes. {@link Probe} lets a test look inside a network, by the names of the official
 * modules. Activations lie time first, so that a convolution is a matrix product over overlapping rows. The package
 * knows no networks.
 */
package sparrow.speech.layers;
