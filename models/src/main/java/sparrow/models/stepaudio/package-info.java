/**
 * The family Step-Audio-2, whose models accept audio embeddings and speak with a selectable voice. Start with
 * {@link StepAudioFamily}. {@code StepAudioPrompts} implements the official chat format, {@code Qwen2} reads the
 * decoder's configuration and tensors, and {@code StepAudioTokens} contains the special ids. All sizes and ids are read
 * from the checkpoint.
 */
package sparrow.models.stepaudio;
