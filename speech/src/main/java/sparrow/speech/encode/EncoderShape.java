package sparrow.speech.encode;

import sparrow.speech.layers.AttentionMask;

/**
 * A model's Whisper encoder: its sizes, and the three things in which the models differ.
 *
 * @param melBins values of an input frame
 * @param width of the residual stream
 * @param heads attention heads, each {@code width / heads} wide
 * @param ffnWidth inner width of the feed-forward part
 * @param layers that run, counted from the input
 * @param positions frames that have a position
 * @param padding of the convolutions in front
 * @param mask of the attention
 * @param names of the tensors
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
        WhisperNames names) {
    /** Rows of zeros around the input of the convolutions of three taps. */
    enum Padding {
        /** A frame sees itself and the two before it: two rows of zeros in front. */
        CAUSAL(2),
        /** A frame sees its neighbours: a row of zeros at either end, as in Whisper. */
        CENTRED(1);

        /** Rows of zeros in front. */
        final int rows;

        Padding(int rows) {
            this.rows = rows;
        }
    }

    int headWidth() {
        return width / heads;
    }
}
