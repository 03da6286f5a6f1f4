package sparrow.speech.encode;

/**
 * How long a piece of sound is for the speech tokenizer.
 *
 * @param frames at 50 Hz, padded to whole codes
 * @param valid frames that begin inside the sound: the only ones that others may attend to
 * @param codes that stand for them
 */
record Piece(int frames, int valid, int codes) {
    /** Frames of the input features, at 100 Hz. */
    int melFrames() {
        return ConvStem.STRIDE * frames;
    }

    /** What the encoder computes of it: everything. */
    Extent extent() {
        return new Extent(melFrames(), frames, valid);
    }
}
