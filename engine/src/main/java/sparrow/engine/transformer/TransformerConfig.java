package sparrow.engine.transformer;

/**
 * Configuration of a pre-norm decoder with grouped-query attention, rotary position embedding and SwiGLU, such as
 * ChatGLM, Qwen2 or LFM2. A layer with a {@linkplain ShortConvolution convolution} uses {@code width} instead of the
 * head dimensions.
 *
 * @param layers number of transformer layers, L
 * @param width number of channels of the residual stream
 * @param heads number of query heads
 * @param kvHeads number of key and value heads; {@code heads / kvHeads} adjacent query heads share one key and value
 *     head
 * @param headWidth number of channels per head
 * @param ffnWidth hidden size of the SwiGLU block
 * @param vocabulary number of rows in the embedding and output matrices, including padding rows
 * @param contextLength maximum number of positions
 * @param normEpsilon value added to the mean square inside the root of every RMS norm
 * @param rope rotary position embedding
 */
public record TransformerConfig(
        int layers,
        int width,
        int heads,
        int kvHeads,
        int headWidth,
        int ffnWidth,
        int vocabulary,
        int contextLength,
        float normEpsilon,
        Rope rope) {
    public TransformerConfig {
        positive("layers", layers);
        positive("width", width);
        positive("heads", heads);
        positive("key and value heads", kvHeads);
        positive("head width", headWidth);
        positive("ffn width", ffnWidth);
        positive("vocabulary", vocabulary);
        positive("context length", contextLength);
        if (heads % kvHeads != 0) {
            throw new IllegalArgumentException(
                    "heads: expected a multiple of the " + kvHeads + " key and value heads, got " + heads);
        }
        if (!(normEpsilon >= 0))
            throw new IllegalArgumentException("norm epsilon: expected 0 or more, got " + normEpsilon);
        if (rope.dimensions() > headWidth) {
            throw new IllegalArgumentException(
                    "rope: expected at most " + headWidth + " channels, the width of a head, got " + rope.dimensions());
        }
    }

    /** Returns the total number of channels in all query heads. */
    public int queryWidth() {
        return heads * headWidth;
    }

    /** Returns the total number of channels in all key heads, which equals the total number in all value heads. */
    public int kvWidth() {
        return kvHeads * headWidth;
    }

    /** Returns a copy with a different number of layers. */
    public TransformerConfig withLayers(int count) {
        return new TransformerConfig(
                count, width, heads, kvHeads, headWidth, ffnWidth, vocabulary, contextLength, normEpsilon, rope);
    }

    /** Returns a copy with a different rotary position embedding. */
    public TransformerConfig withRope(Rope other) {
        return new TransformerConfig(
                layers, width, heads, kvHeads, headWidth, ffnWidth, vocabulary, contextLength, normEpsilon, other);
    }

    private static void positive(String what, int value) {
        if (value < 1) throw new IllegalArgumentException(what + ": expected 1 or more, got " + value);
    }
}
