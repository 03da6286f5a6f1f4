/**
 * The layers of a decoder-only transformer. Start with {@link Transformer} and its only forward pass, {@link
 * Transformer#forward}. A {@link Position} is one place in one sequence with its hidden state and its depth; {@link
 * KvCache} holds keys and values, with a length for each layer. {@link TransformerConfig} has the sizes. Llama-like
 * models fit: RMS norms, grouped-query attention, {@linkplain Rope rotary positions}, SwiGLU. A {@link TokenMixer} is the part of a
 * layer that differs: {@link SelfAttention}, or LFM2's {@link ShortConvolution}.
 *
 * <p>One interface, {@link LayerStack}, hides the place where layers are computed: it takes a pass as a whole. It also makes
 * the parts that belong to the place: a {@link HiddenState} for each position, a {@link KvMemory} for each sequence, a {@link HeadKernel}
 * for each thread that asks heads. {@code HostStack} is this machine.
 *
 * <p>A position may stop at any layer and continue later, together with later positions. Early exit needs nothing else of the layers
 * (SPAR-K, section 4.2.3). The package knows no tokens beyond their embedding, no exit
 * policy and no head beyond rows of a matrix that score tokens ({@link HeadWeights}).
 *
 * <pre>{@code
 * KvCache cache = transformer.newCache();
 * Position first = new Position(cache, 0, transformer.state(transformer.embed(17)));
 * transformer.forward(List.of(first), 22);            // exits after layer 22 and is pending
 * Position second = new Position(cache, 1, transformer.state(transformer.embed(4)));
 * transformer.forward(List.of(first, second), 28);    // layers 1 to 22 carry one position, 23 to 28 carry both
 * }</pre>
 *
 * <p>A transformer is safe for several threads, since its passes take turns. Caches and positions belong to one thread
 * at a time.
 */
package sparrow.engine.transformer;
