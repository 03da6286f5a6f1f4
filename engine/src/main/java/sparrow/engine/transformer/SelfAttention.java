package sparrow.engine.transformer;

import java.util.List;

/**
 * The weights of grouped-query attention with rotary position embedding. If a checkpoint fuses projections (ChatGLM's
 * query_key_value), the loader passes slices of the fused matrix.
 *
 * @param query [heads * headWidth, width]
 * @param key [kvHeads * headWidth, width]
 * @param value [kvHeads * headWidth, width]
 * @param output [width, heads * headWidth]
 * @param queryNorm weight of the RMS norm of each query head before its rotation, [headWidth], or null for none
 * @param keyNorm weight of the RMS norm of each key head before its rotation, [headWidth], or null for none
 * @param gate [heads, width], or null for none; the output of each head is multiplied by the sigmoid of its gate (LFM3)
 * @param span positions that a position attends to
 */
public record SelfAttention(
        Linear query,
        Linear key,
        Linear value,
        Linear output,
        float[] queryNorm,
        float[] keyNorm,
        Linear gate,
        AttentionSpan span)
        implements TokenMixer {
    /** Creates attention to all earlier positions, without gates. */
    public SelfAttention(Linear query, Linear key, Linear value, Linear output, float[] queryNorm, float[] keyNorm) {
        this(query, key, value, output, queryNorm, keyNorm, null, AttentionSpan.CAUSAL);
    }

    /** Creates attention to all earlier positions, without gates and norms of queries and keys. */
    public SelfAttention(Linear query, Linear key, Linear value, Linear output) {
        this(query, key, value, output, null, null);
    }

    /** Returns the rotary embedding of its queries and keys. */
    Rope rope(TransformerConfig config) {
        return span instanceof AttentionSpan.Window window ? window.rope() : config.rope();
    }

    @Override
    public List<Linear> linears() {
        return gate == null ? List.of(query, key, value, output) : List.of(query, key, value, output, gate);
    }

    @Override
    public long otherParameters() {
        return (queryNorm == null ? 0 : queryNorm.length) + (keyNorm == null ? 0 : keyNorm.length);
    }

    @Override
    public List<Linear> cacheProjections() {
        return List.of(key, value);
    }
}
