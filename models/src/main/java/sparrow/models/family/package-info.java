/**
 * Model families. A {@link Family} recognises its checkpoint folders, opens and converts them, and describes its
 * published model. An open model is an {@link OpenedModel}, a record of parts. Every family's {@code open} method
 * creates the parts in this order:
 *
 * <ol>
 *   <li>files: {@code Glm4VoiceFolder}, {@code StepAudioFolder}, {@code Lfm2Folder}, and {@code VendorGguf} for LFM2's
 *       four GGUF files;
 *   <li>decoder: {@code ChatGlm}, {@code Qwen2} and {@code Lfm2Backbone} read its configuration and map its tensors to
 *       the names in {@code gguf.Names}; {@code gguf.TransformerLoader} loads the transformer of all three;
 *   <li>special token ids: {@code Glm4VoiceTokens}, {@code StepAudioTokens}, {@code Lfm2Tokens};
 *   <li>prompts: {@code Glm4VoicePrompts}, {@code StepAudioPrompts}, {@code Lfm2Prompts}, which use a
 *       {@link PromptWriter};
 *   <li>speech input, a {@link SpeechInput}: codes, which are prompt ids, for GLM-4-Voice, and embeddings for the other
 *       families;
 *   <li>reply units: tokens, or {@code lfm2.FrameUnits}, whose {@code DepthDecoder} predicts the codes of a frame;
 *   <li>speech output, a {@link sparrow.speech.vocode.Synthesizer}, whose sizes are read by a class {@code ...Configs}.
 * </ol>
 *
 * <p>A new family requires a package next to these packages and one line in {@code sparrow.models.Families}. No other
 * code depends on the family.
 */
package sparrow.models.family;
