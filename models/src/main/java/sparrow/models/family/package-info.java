/**
 * Model families. A {@link Family} says which folders are its own, opens and converts them, and describes its published model. An open
 * model is an {@link OpenedModel}, a record of parts. {@code Family.open} reads from top to bottom in every family:
 *
 * <ol>
 *   <li>files: {@code Glm4VoiceFolder}, {@code StepAudioFolder}, {@code Lfm2Folder}, and {@code VendorGguf} for LFM2's four GGUF files;
 *   <li>configuration of the decoder, and its tensors by the names of {@code gguf.Names}: {@code ChatGlm}, {@code Qwen2}, {@code
 *       Lfm2Backbone}; {@code gguf.TransformerLoader} makes the transformer of all three;
 *   <li>ids with a role: {@code Glm4VoiceTokens}, {@code StepAudioTokens}, {@code Lfm2Tokens};
 *   <li>prompts: {@code Glm4VoicePrompts}, {@code StepAudioPrompts}, {@code Lfm2Prompts}, each by a {@link PromptWriter};
 *   <li>sound in, a {@link SpeechInput}: GLM-4-Voice hears codes, which are ids of the prompt; the others hear embeddings;
 *   <li>units of a reply: tokens, or {@code lfm2.FrameUnits}, whose {@code DepthDecoder} decides the codes of a frame;
 *   <li>sound out, a {@link sparrow.speech.vocode.Synthesizer}, whose sizes a class {@code ...Configs} reads.
 * </ol>
 *
 * <p>A new family is a package beside these, and one line in {@code sparrow.models.Families}. Nothing else tells families apart.
 */
package sparrow.models.family;
