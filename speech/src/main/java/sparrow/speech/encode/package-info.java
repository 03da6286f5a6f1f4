/**
 * Audio encoders, which convert a waveform to codes or vectors. {@link WhisperVq} is the speech tokenizer of
 * GLM-4-Voice; its codes are ordinary tokens of a prompt. {@link StepAudioEncoder} is the audio encoder of
 * Step-Audio-2, whose vectors replace embeddings in a prompt; {@link AudioPieces} divides its input. Both are based on
 * a Whisper encoder and differ in the attention mask and the output. The package does not build prompts.
 *
 * <p>Encoders are stateless and safe for several threads.
 */
package sparrow.speech.encode;
