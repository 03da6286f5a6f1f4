/**
 * Audio encoders: waveform to codes or to vectors. {@link WhisperVq} is the speech tokenizer of GLM-4-Voice; its codes
 * are ordinary tokens of a prompt. {@link StepAudioEncoder} is the audio encoder of Step-Audio-2, whose vectors
 * stand in a prompt in place of embeddings; {@link AudioPieces} cuts its sound. Both are a Whisper encoder with another
 * mask and another end. The package does not build prompts.
 *
 * <p>Encoders keep no state between calls and are safe for several threads.
 */
package sparrow.speech.encode;
