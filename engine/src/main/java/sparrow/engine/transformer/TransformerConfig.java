package sparrow.engine.transformer;

/**
 * The sizes of a pre-norm decoder with grouped-query attention, rotary positions and SwiGLU: ChatGLM, Qwen2 and LFM2 alike. A
 * layer that {@linkplain ShortConvolution convolves} has the width alone.
 *
 * @param layers transformer layers, L
 * @param width channels of the residual stream
 * @param heads query heads
 * @param kvHeads key and value heads; each serves {@code heads / kvHeads} query heads in a row
 * @param headWidth channels of a head
 * @param ffnWidth inner channels of the SwiGLU block
 * @param vocabulary rows of embedding and output matrix, padding rows included
 * @param contextLength positions that the model was made for
 * @param normEpsilon inside the root of every RMS norm
 * @param rope rotary positions
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
        if (!(normEpsilon >= 0)) throw new IllegalArgumentException("norm epsilon: got " + normEpsilon);
        if (rope.dimensions() > headWidth) {
            throw new IllegalArgumentException(
                    "rope: " + rope.dimensions() + " channels of a head that has " + headWidth);
        }
    }

    /** Channels of all query heads. */
    public int queryWidth() {
        return heads * headWidth;
    }

    /** Channels of all key heads, and of all value heads. */
    public int kvWidth() {
        return kvHeads * headWidth;
    }

    /** A copy with another number of layers. */
    public TransformerConfig withLayers(int count) {
        return new TransformerConfig(
                count, width, heads, kvHeads, headWidth, ffnWidth, vocabulary, contextLength, normEpsilon, rope);
    }

    /** A copy with other rotary positions. */
    public TransformerConfig withRope(Rope other) {
        return new TransformerConfig(
                layers, width, heads, kvHeads, headWidth, ffnWidth, vocabulary, contextLength, normEpsilon, other);
    }

    private static void positive(String what, int value) {
        if (value < 1) throw new IllegalArgumentException(what + ": expected 1 or more, got " + value);
    }
}
