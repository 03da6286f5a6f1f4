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
        WhisperNames names) {
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
}
