/**
 * Tokenizers. Start with {@link Tokenizer}, byte-pair encoding with added tokens, in two forms: tiktoken's by ranks
 * (GLM-4) and the byte-level form by a list of merges (Qwen2). {@link TextStream} decodes ids incrementally and never
 * returns part of a character. Ids are equal to those of the official tokenizers.
 *
 * <p>Prompts are built by the model families in {@code sparrow.models}. To this package, speech tokens are ordinary
 * added tokens.
 */
package sparrow.formats.text;
