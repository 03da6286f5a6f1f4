/**
 * Spectrograms, which are the inputs of audio networks. {@link LogMel} computes Whisper's log-mel features,
 * {@link UtteranceMel} NeMo's log-mel features, {@link KaldiFilterBank} the filter bank of speaker encoders, and
 * {@link PromptMel} the mel spectrogram of CosyVoice 2's flow decoder. Each class reproduces the official code named in
 * its Javadoc, including its peculiarities.
 */
package sparrow.speech.spectrum;
