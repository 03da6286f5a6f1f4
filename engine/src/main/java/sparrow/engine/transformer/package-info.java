/**
 * The layers of a decoder-only transformer. Start with {@link Transformer} and its only forward pass,
 * {@link Transformer#forward}. A {@link Position} is one place in one sequence, with its hidden state and its depth. A
 * {@link KvCache} holds keys and values, with a separate length for each layer. {@link TransformerConfig} contains the
 * sizes. Llama-like models are supported: RMS norms, grouped-query attention,
 * {@linkplain Rope rotary position embedding}, SwiGLU. A {@link TokenMixer} is the part of a layer that differs between
 * models: {@link SelfAttention}, or LFM2's {@link ShortConvolution}.
 *
 * <p>A position may stop at any layer and continue later, together with later positions. This is all that early exit
 * needs from the layers (SPAR-K, section 4.2.3). The package contains no exit policy; it computes the logits of a head
 * ({@link HeadWeights}), but chooses no token.
 *
 * <p>A {@link LayerStack} runs the layers on one device. It also creates the objects that live in the memory of the
 * device: a {@link HiddenState} for each position, a {@link KvMemory} for each sequence, and a {@link HeadKernel} for
 * each thread. {@code HostStack} runs on this machine's threads.
 *
 * <pre>{@code
 * KvCache cache = transformer.newCache();
 * Position first = new Position(cache, 0, transformer.state(transformer.embed(17)));
 * transformer.forward(List.of(first), 22);            // exits after layer 22 and is pending
 * Position second = new Position(cache, 1, transformer.state(transformer.embed(4)));
 * transformer.forward(List.of(first, second), 28);    // layers 1 to 22 run the second position, 23 to 28 run both
 * }</pre>
 *
 * <p>A transformer is safe for several threads; passes run one after another. Caches and positions belong to one thread
 * at a time.
 */
package sparrow.engine.transformer;
