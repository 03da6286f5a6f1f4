/**
 * Spectrograms, the inputs of audio networks. {@link LogMel} has Whisper's log-mel features, {@link
 * KaldiFilterBank} the filter bank of speaker encoders, and {@link PromptMel} the mel spectrogram of CosyVoice 2's flow
 * decoder. Each agrees with the official code named in its Javadoc, whose oddities are kept. The package runs no
 * network.
 */
package sparrow.speech.spectrum;
