/**
 * The vocoder of GLM-4-Voice and Step-Audio-2, which converts mel frames to samples. Start with {@link Hift}, a neural
 * source filter with an inverse STFT. {@link HiftConfig} contains the sizes, and {@link HarmonicSource} generates the
 * excitation. Apart from sizes, the two families differ only in the {@link PhaseRule}.
 */
package sparrow.speech.hift;
