/**
 * Model families. A {@link Family} says which folders are its own, opens and converts them, and describes its
 * published model. An open model is an {@link OpenedModel}, a record of parts: the language model, prompts, {@link
 * SpeechInput}, the {@link SpeechTasks} beside conversation, the {@link ToolFormat} of tool calls, and a synthesizer. A {@link PromptBuilder} makes prompts; {@link Lazy}
 * parts are loaded when they are first used.
 *
 * <p>A new family is a package beside {@code glm4voice}, {@code stepaudio} and {@code lfm2} with its prompt, configuration files and
 * tensor names, and one line in {@code sparrow.models.Families}. Nothing else tells families apart. Its heart is a few
 * lines:
 *
 * <pre>{@code
 * public OpenedModel open(Path folder, Optional<Path> heads, Optional<Path> voice, Kernels kernels) throws IOException {
 *     return Resources.opening(resources -> new OpenedModel(
 *             info, languageModel, typed, new SpeechInput.Tokens(encoder, builder, 12.5), SpeechTasks.NONE, Optional.empty(),
 *             new Lazy<>(() -> synthesizer(resources)), tokenizer::stream, tokenizer::encodeText,
 *             resources::requireUnchanged, resources::close));
 * }
 * }</pre>
 */
package sparrow.models.family;
