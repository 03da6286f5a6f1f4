package sparrow.speech.encode;

/**
 * Names of the tensors of a Whisper encoder in a checkpoint; layers are counted from 0.
 *
 * @param positions table of positions
 * @param layers list of the layers; the other names are parts of one layer
 */
record WhisperNames(
        String positions,
        String layers,
        String attentionNorm,
        String query,
        String key,
        String value,
        String out,
        String ffnNorm,
        String widen,
        String narrow) {
    /** The names of Hugging Face's port. */
    static final WhisperNames HUGGING_FACE = new WhisperNames(
            "embed_positions",
            "layers",
            "self_attn_layer_norm",
            "self_attn.q_proj",
            "self_attn.k_proj",
            "self_attn.v_proj",
            "self_attn.out_proj",
            "final_layer_norm",
            "fc1",
            "fc2");

    /** The names of OpenAI's release. */
    static final WhisperNames OPENAI = new WhisperNames(
            "positional_embedding",
            "blocks",
            "attn_ln",
            "attn.query",
            "attn.key",
            "attn.value",
            "attn.out",
            "mlp_ln",
            "mlp.0",
            "mlp.2");
}
