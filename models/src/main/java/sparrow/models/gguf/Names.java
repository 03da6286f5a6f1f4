package sparrow.models.gguf;

/** llama.cpp's tensor names (constants in gguf-py). Layers are numbered from 0 in the file. */
public final class Names {
    /** Token embedding, [vocabulary, width]. */
    public static final String EMBEDDING = "token_embd.weight";
    /** Norm before the output matrix, [width]. Its name in {@link Architecture#LFM2} is different. */
    public static final String OUTPUT_NORM = "output_norm.weight";
    /** Output matrix, [vocabulary, width]; missing if the embedding is also the output matrix. */
    public static final String OUTPUT = "output.weight";

    /** Divisors of the rotation of each pair of channels in layers without a window, [head width / 2] (LFM3). */
    public static final String ROPE_DIVISORS = "rope_freqs.weight";

    /** Names of a layer's parts, from which {@link #weight} and {@link #bias} derive tensor names. */
    public static final String ATTENTION_NORM = "attn_norm";

    public static final String QKV = "attn_qkv";
    public static final String QUERY = "attn_q";
    public static final String KEY = "attn_k";
    public static final String VALUE = "attn_v";
    public static final String ATTENTION_OUTPUT = "attn_output";
    /** Norms of query and key heads, [head width]. */
    public static final String QUERY_NORM = "attn_q_norm";

    public static final String KEY_NORM = "attn_k_norm";
    /** Gate of each head, [heads, width]. */
    public static final String ATTENTION_GATE = "attn_gate";
    /** Norms of a layer's additions to the residual stream, [width]. */
    public static final String POST_ATTENTION_NORM = "post_attention_norm";

    public static final String POST_FFN_NORM = "post_ffw_norm";
    /** Both gates and the input of a short convolution, [3 * width, width]. */
    public static final String CONVOLUTION_INPUT = "shortconv.in_proj";
    /** Weights of the previous positions, followed by the weight of the current position, [width, positions]. */
    public static final String CONVOLUTION = "shortconv.conv";

    public static final String CONVOLUTION_OUTPUT = "shortconv.out_proj";
    public static final String FFN_NORM = "ffn_norm";
    public static final String GATE = "ffn_gate";
    public static final String UP = "ffn_up";
    public static final String DOWN = "ffn_down";

    private Names() {}

    /** Returns the name of a layer part's weight. Layers are counted from 1. */
    public static String weight(int layer, String part) {
        return "blk." + (layer - 1) + "." + part + ".weight";
    }

    /** Returns the name of a layer part's bias. Layers are counted from 1. */
    public static String bias(int layer, String part) {
        return "blk." + (layer - 1) + "." + part + ".bias";
    }
}
