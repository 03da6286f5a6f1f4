package sparrow.speech.encode;

/** What a checkpoint calls the tensors of a Whisper encoder; layers are counted from 0. */
enum WhisperNames {
    /** The names of Hugging Face's port. */
    HUGGING_FACE(
            "embed_positions",
            "layers",
            "self_attn_layer_norm",
            "self_attn.q_proj",
            "self_attn.k_proj",
            "self_attn.v_proj",
            "self_attn.out_proj",
            "final_layer_norm",
            "fc1",
            "fc2"),

    /** The names of OpenAI's release. */
    OPENAI(
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

    /** Table of positions. */
    final String positions;
    /** List of the layers; the others are parts of one layer. */
    final String layers;

    final String attentionNorm;
    final String query;
    final String key;
    final String value;
    final String out;
    final String ffnNorm;
    final String widen;
    final String narrow;

    WhisperNames(
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
        this.positions = positions;
        this.layers = layers;
        this.attentionNorm = attentionNorm;
        this.query = query;
        this.key = key;
        this.value = value;
        this.out = out;
        this.ffnNorm = ffnNorm;
        this.widen = widen;
        this.narrow = narrow;
    }
}
