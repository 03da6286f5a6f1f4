package sparrow.engine.transformer;

/**
 * The weights of one transformer layer. If a checkpoint fuses projections (ChatGLM's query_key_value and
 * dense_h_to_4h), the loader passes slices of the fused matrix, so that every family has the same layer.
 *
 * @param attentionNorm [width]
 * @param query [heads * headWidth, width]
 * @param key [kvHeads * headWidth, width]
 * @param value [kvHeads * headWidth, width]
 * @param attentionOutput [width, heads * headWidth]
 * @param ffnNorm [width]
 * @param gate [ffnWidth, width]; goes through SiLU
 * @param up [ffnWidth, width]
 * @param down [width, ffnWidth]
 */
public record Layer(
        float[] attentionNorm,
        Linear query,
        Linear key,
        Linear value,
        Linear attentionOutput,
        float[] ffnNorm,
        Linear gate,
        Linear up,
        Linear down) {}
