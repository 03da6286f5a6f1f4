/**
 * The decode loop with early exit (SPAR-K, section 4), which produces a reply to a prompt. Start with {@link Decoder},
 * whose {@code step} follows the paper. A decoder uses a {@link LanguageModel}. A {@link Request} continues a
 * {@link Sequence}, which is a list of tokens with a KV cache. The result is a {@link sparrow.engine.reply.Reply} with
 * one step per unit. A {@link GenerationConfig} contains the exit plan, the sampling parameters and the limits.
 *
 * <pre>{@code
 * GenerationConfig config = new GenerationConfig(
 *         ExitPlan.speech(DepthPolicy.parse("even:22")), Sampling.GREEDY, Limits.newTokens(200));
 * Decoder decoder = new Decoder(model, config);
 * Reply reply = decoder.reply(Request.of(new Sequence(model), prompt));
 *
 *  // Or as an open batch, which sequences may join between steps:
 * Generation one = decoder.admit(Request.of(new Sequence(model), prompt));
 * while (!one.isPrefilled()) decoder.prefill(64);
 * while (!one.hasEnded()) decoder.step();
 * }</pre>
 *
 * <p>The package does not depend on audio, text or a model family. Prompts consist of token ids, some of whose
 * embeddings may be replaced by hidden states ({@link PromptEmbeddings}). Replies consist of units whose meaning is
 * defined by a {@link sparrow.engine.head.UnitFormat}. To analyse hidden states, run a finished reply through the
 * transformer again. Speculative decoding is in {@code sparrow.engine.decode.speculate}.
 *
 * <p>A {@link Decoder}, a {@link Sequence} and a {@link Generation} must be used by one thread at a time. Decoders on
 * several threads may share a {@link LanguageModel}.
 */
package sparrow.engine.decode;
