package sparrow.speech.encode;

import sparrow.speech.layers.AttentionMask;

/**
 * The sizes of a Whisper encoder, and the three properties in which the models differ: padding, mask and names.
 *
 * @param melBins values of an input frame
 * @param width channels of the residual stream
 * @param heads attention heads, each {@code width / heads} wide
 * @param ffnWidth inner width of the feed-forward part
 * @param layers number of layers to run
 * @param positions maximum number of frames
 * @param padding padding of the convolutions before the layers
 * @param mask mask of the attention
 * @param names names of the tensors
 */
record EncoderShape(
        int melBins,
        int width,
        int heads,
        int ffnWidth,
        int layers,
        int positions,
        Padding padding,
        AttentionMask mask,
        Names names) {
    /** Rows of zeros around the input of the convolutions of three taps. */
    enum Padding {
        /** A frame reads itself and the two frames before it, with two rows of zeros before the input. */
        CAUSAL(2),
        /** A frame reads its neighbours, with one row of zeros at either end, as in Whisper. */
        CENTRED(1);

        /** Number of rows of zeros before the input. */
        final int rows;

        Padding(int rows) {
            this.rows = rows;
        }
    }

    int headWidth() {
        return width / heads;
    }

    /**
     * The names of the tensors of a Whisper encoder in a checkpoint. Layers are counted from 0.
     *
     * @param positions name of the table of positions
     * @param layers name of the list of layers; the other names are parts of one layer
     */
    record Names(
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
        static final Names HUGGING_FACE = new Names(
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
        static final Names OPENAI = new Names(
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
}
