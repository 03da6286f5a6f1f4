/**
 * The vocoder of GLM-4-Voice and Step-Audio-2, which converts mel frames to samples. Start with {@link Hift}, a neural
 * source filter with an inverse STFT. {@link HiftConfig} contains the dimensions, and {@link HarmonicSource} generates
 * the excitation. Apart from their dimensions, the two families' vocoders differ only in the {@link PhaseRule}.
 */
package sparrow.speech.hift;
