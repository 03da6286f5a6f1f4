/**
 * Layers of audio networks: {@link Linear}, {@link Norm}, {@link Convolution}, {@link CausalConvolution},
 * {@link Upsampling}, {@link TiledAttention}. {@link LayerReader} reads them by name from a checkpoint and checks their
 * shapes. A {@link Probe} receives activations inside a network, for tests. Time is the first dimension of activations,
 * so a convolution is a matrix product over overlapping rows.
 */
package sparrow.speech.layers;
