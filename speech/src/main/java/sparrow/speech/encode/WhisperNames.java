package sparrow.speech.encode;

/**
 * The names of the tensors of a Whisper encoder in a checkpoint. Layers are counted from 0.
 *
 * @param positions name of the table of positions
 * @param layers name of the list of layers; the other names are parts of one layer
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
    /** The names of the Hugging Face implementation. */
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

    /** The names of the OpenAI implementation. */
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
