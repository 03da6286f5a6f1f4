package sparrow.speech.encode;

import sparrow.speech.layers.AttentionMask;

/**
 * Configuration of a Whisper encoder. The models differ in padding, mask and tensor names.
 *
 * @param melBins number of values per input frame
 * @param width number of channels of the residual stream
 * @param heads number of attention heads, each {@code width / heads} wide
 * @param ffnWidth inner width of the feed-forward part
 * @param layers number of layers to run
 * @param positions maximum number of frames
 * @param padding padding of the convolutions before the layers
 * @param mask attention mask
 * @param names tensor names
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
    /** Rows of zeros around the input of the three-tap convolutions. */
    enum Padding {
        /** A frame reads itself and the two frames before it, with two rows of zeros before the input. */
        CAUSAL(2),
        /** A frame reads its neighbours, with one row of zeros at each end, as in Whisper. */
        CENTRED(1);

        /** Number of zero rows before the input. */
        final int rows;

        Padding(int rows) {
            this.rows = rows;
        }
    }

    int headWidth() {
        return width / heads;
    }

    /**
     * Tensor names of a Whisper encoder in a checkpoint. Layers are numbered from 0.
     *
     * @param positions name of the position embeddings
     * @param layers name of the layer list; the other names are relative to a layer
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
        /** Tensor names of the Hugging Face implementation. */
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

        /** Tensor names of the OpenAI implementation. */
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
