/**
 * The family GLM-4-Voice, whose models accept speech codes and have a fixed voice. Start with {@link Glm4VoiceFamily}.
 * {@code Glm4VoicePrompts} implements the official demo's prompts, {@code ChatGlm} reads the decoder's configuration
 * and tensors, and {@code Glm4VoiceTokens} contains the special ids. All sizes and ids are read from the checkpoint.
 */
package sparrow.models.glm4voice;
