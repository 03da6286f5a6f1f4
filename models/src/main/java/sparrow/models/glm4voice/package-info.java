/**
 * The family GLM-4-Voice: speech is heard as codes and spoken in a voice of its own. Start with {@link
 * Glm4VoiceFamily}; {@code Glm4VoicePrompts} has the prompt of the official demo, {@code ChatGlm} configuration and
 * tensor names of the decoder, {@code Glm4VoiceTokens} the ids. All sizes and ids come from the checkpoint. The package knows no other
 * family.
 */
package sparrow.models.glm4voice;
