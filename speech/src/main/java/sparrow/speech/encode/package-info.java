/**
 * Audio encoders, which convert a waveform to codes or vectors. {@link WhisperVq} is the speech tokenizer of
 * GLM-4-Voice; its codes are ordinary tokens of a prompt. {@link StepAudioEncoder} is the audio encoder of
 * Step-Audio-2; its vectors replace embeddings in a prompt, and {@link AudioPieces} divides its input. Both encoders
 * are based on a Whisper encoder and differ in attention mask and output. The package does not build prompts.
 *
 * <p>Encoders are stateless and safe for use by multiple threads.
 */
package sparrow.speech.encode;
