/**
 * Text to token ids and back. Start with {@link Tokenizer}, a byte-pair encoding with added tokens, in two forms:
 * tiktoken's by ranks (GLM-4) and the byte-level one by a list of merges (Qwen2). {@link TextStream} turns ids into
 * text as they arrive and never gives out half a character. Ids agree with those of the official tokenizers.
 *
 * <p>The package does not know what a prompt looks like; families build their prompts in {@code sparrow.models}. Speech
 * tokens are added tokens here, and no more.
 */
package sparrow.formats.text;
