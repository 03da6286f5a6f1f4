package sparrow.engine.transformer;

import java.util.List;

/**
 * The weights of grouped-query attention with rotary position embedding. If a checkpoint fuses projections (ChatGLM's
 * query_key_value), the loader passes slices of the fused matrix.
 *
 * @param query query projection, [heads * headWidth, width]
 * @param key key projection, [kvHeads * headWidth, width]
 * @param value value projection, [kvHeads * headWidth, width]
 * @param output output projection, [width, heads * headWidth]
 * @param queryNorm weight of the RMS norm applied to each query head before its rotation, [headWidth], or null if there
 *     is none
 * @param keyNorm weight of the RMS norm applied to each key head before its rotation, [headWidth], or null if there is
 *     none
 * @param gate gate projection, [heads, width], or null if there is none; the output of each head is multiplied by the
 *     sigmoid of its gate (LFM3)
 * @param span positions to which a position attends
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
    /** Creates attention weights for all earlier positions, without gates. */
    public SelfAttention(Linear query, Linear key, Linear value, Linear output, float[] queryNorm, float[] keyNorm) {
        this(query, key, value, output, queryNorm, keyNorm, null, AttentionSpan.CAUSAL);
    }

    /** Creates attention weights for all earlier positions, without gates or query and key norms. */
    public SelfAttention(Linear query, Linear key, Linear value, Linear output) {
        this(query, key, value, output, null, null);
    }

    /** Returns the rotary embedding of the queries and keys. */
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
