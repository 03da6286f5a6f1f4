/**
 * Tokenizers. Start with {@link Tokenizer}, which implements byte-pair encoding with added tokens in two forms:
 * tiktoken's form with ranks (GLM-4) and the byte-level form with a list of merges (Qwen2). {@link TextStream} decodes
 * ids incrementally and never returns part of a character. Ids equal the ids of the official tokenizers.
 *
 * <p>The model families in {@code sparrow.models} build prompts. In this package, speech tokens are ordinary added
 * tokens.
 */
package sparrow.formats.text;
