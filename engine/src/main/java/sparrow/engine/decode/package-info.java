/**
 * The decode loop of early exit (SPAR-K, section 4): from a prompt to a reply. Start with {@link
 * Decoder}, whose step reads like the paper. A {@link LanguageModel} is what it
 * decodes with. A {@link Request} asks to continue a {@link Sequence}, which is a
 * list of tokens with its KV cache. A {@link sparrow.engine.reply.Reply} has one step per decided
 * unit. {@link GenerationConfig} has the exit plan, the sampling and the limits.
 *
 * <pre>{@code
 * GenerationConfig config = new GenerationConfig(
 *         ExitPlan.speech(DepthPolicy.parse("even:22")), Sampling.GREEDY, Limits.newTokens(200));
 * Decoder decoder = new Decoder(model, config);
 * Reply reply = decoder.reply(Request.of(new Sequence(model), prompt));
 *
 * // Or as an open batch, in which sequences come and go between steps:
 * Generation one = decoder.admit(Request.of(new Sequence(model), prompt));
 * while (!one.isPrefilled()) decoder.prefill(64);
 * while (!one.hasEnded()) decoder.step();
 * }</pre>
 *
 * <p>The package knows no audio, no text and no model family: prompts are ids, in part with hidden states in place of
 * their embeddings ({@link PromptEmbeddings}), and replies are units whose meaning is that of a {@link
 * sparrow.engine.head.UnitFormat}. Hidden states are not visible while a reply is decoded; the laboratory reads a finished reply
 * again. Speculative decoding is in {@code sparrow.engine.decode.speculate}.
 *
 * <p>A {@link Decoder}, a {@link Sequence} and a {@link
 * Generation} belong to one thread at a time. A {@link LanguageModel} may be shared
 * by decoders on several threads.
 */
package sparrow.engine.decode;
