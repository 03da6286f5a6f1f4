package sparrow.engine.transformer;

import java.util.List;

/**
 * The weights of grouped-query attention over all earlier positions, with rotary position embedding. If a checkpoint
 * fuses projections (ChatGLM's query_key_value), the loader passes slices of the fused matrix.
 *
 * @param query query projection, [heads * headWidth, width]
 * @param key key projection, [kvHeads * headWidth, width]
 * @param value value projection, [kvHeads * headWidth, width]
 * @param output output projection, [width, heads * headWidth]
 * @param queryNorm weight of the RMS norm applied to each query head before its rotation, [headWidth], or null if there
 *     is none
 * @param keyNorm weight of the RMS norm applied to each key head before its rotation, [headWidth], or null if there is
 *     none
 */
public record SelfAttention(Linear query, Linear key, Linear value, Linear output, float[] queryNorm, float[] keyNorm)
        implements TokenMixer {
    /** Creates attention weights without query and key norms. */
    public SelfAttention(Linear query, Linear key, Linear value, Linear output) {
        this(query, key, value, output, null, null);
    }

    @Override
    public List<Linear> linears() {
        return List.of(query, key, value, output);
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
