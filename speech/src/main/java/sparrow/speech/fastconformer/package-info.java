/**
 * The audio encoder of LFM2-Audio. {@link FastConformer} converts an utterance to vectors, which replace embeddings in
 * a prompt. The package does not build prompts.
 */
package sparrow.speech.fastconformer;
