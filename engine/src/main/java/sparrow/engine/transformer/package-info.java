/**
 * The layers of a decoder-only transformer. Start with {@link Transformer} and its only forward pass,
 * {@link Transformer#forward}. A {@link Position} is a position in a sequence, with its hidden state and its depth. A
 * {@link KvCache} contains keys and values, with a separate length for each layer. {@link TransformerConfig} contains
 * the dimensions. Llama-like models are supported, with RMS norms, grouped-query attention,
 * {@linkplain Rope rotary position embedding}, and SwiGLU. A {@link TokenMixer} is the part of a layer that differs
 * between models: {@link SelfAttention}, or LFM2's {@link ShortConvolution}.
 *
 * <p>A position may stop at any layer and continue later, together with later positions. Early exit requires only this
 * property of the layers (SPAR-K, section 4.2.3). The package contains no exit policy. The package computes a head's
 * logits ({@link HeadWeights}), but does not choose tokens.
 *
 * <p>A {@link LayerStack} runs the layers on one device and creates the objects stored in the device's memory: a
 * {@link HiddenState} for each position, a {@link KvMemory} for each sequence, and a {@link HeadKernel} for each
 * thread. {@code HostStack} runs on this machine's threads.
 *
 * <pre>{@code
 * KvCache cache = transformer.newCache();
 * Position first = new Position(cache, 0, transformer.state(transformer.embed(17)));
 * transformer.forward(List.of(first), 22);            // exits after layer 22 and is pending
 * Position second = new Position(cache, 1, transformer.state(transformer.embed(4)));
 * transformer.forward(List.of(first, second), 28);    // layers 1 to 22 run the second position, 23 to 28 run both
 * }</pre>
 *
 * <p>A transformer is safe for use by multiple threads, but only one pass runs at a time. Caches and positions must be
 * used by one thread at a time.
 */
package sparrow.engine.transformer;
