/**
 * The vocoder of both families: mel frames to samples. Start with {@link Hift} (HiFT: a neural source filter and an
 * inverse STFT); {@link HiftConfig} has the sizes, {@link HarmonicSource} the excitation. Except for numbers, the families
 * differ only in the {@link PhaseRule} of that source. The package knows no codes.
 */
package sparrow.speech.hift;
