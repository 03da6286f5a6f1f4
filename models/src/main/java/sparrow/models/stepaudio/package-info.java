/**
 * The family Step-Audio-2: sound is heard as vectors and answered in a voice that is given. Start with {@link
 * StepAudioFamily}; {@code StepAudioPrompts} has the official chat format, {@code Qwen2} configuration and tensor names of
 * the decoder, {@code StepAudioTokens} the ids. All sizes and ids come from the checkpoint. The package knows no other
 * family.
 */
package sparrow.models.stepaudio;
