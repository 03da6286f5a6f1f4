/**
 * The speech encoder of LFM2-Audio. {@link FastConformer} turns an utterance into vectors, which stand in a prompt in place of
 * embeddings. The package does not build prompts.
 */
package sparrow.speech.fastconformer;
