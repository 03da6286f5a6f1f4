package sparrow.speech.encode;

/**
 * The lengths of a piece of sound in every stage of Step-Audio-2's encoder, for a piece in a batch. The official code
 * pads the features of all pieces of a prompt with zeros to the length of the longest piece, and computes the padding
 * too. The padding affects the result in two ways: the number of valid frames depends on the parity of the
 * <em>padded</em> length, and the last patch may read one pooled frame of padding. Rows after that frame are not
 * computed here.
 *
 * @param melFrames mel frames of the piece
 * @param batchFrames mel frames of the longest piece of the batch
 */
record BatchedPiece(int melFrames, int batchFrames) {
    /** Number of encoder frames per pooled frame. */
    static final int POOLED_FRAMES = 2;

    /** Number of mel frames that do not count, because they begin in the silence after the sound. */
    private static final int SILENT_FRAMES = 2;

    /** Number of patches of a piece in any batch. All divisions round down, so a very short piece has none. */
    static int patches(int melFrames) {
        int pooled = Math.floorDiv(Math.floorDiv(melFrames - SILENT_FRAMES + 1, 2), POOLED_FRAMES);
        int padded = pooled + 2; // a row of zeros at either end
        return Math.floorDiv(padded - AudioEncoderConfig.ADAPTOR_KERNEL, AudioEncoderConfig.ADAPTOR_STRIDE) + 1;
    }

    int patches() {
        return patches(melFrames);
    }

    /** Number of encoder frames of the padded batch. */
    int batchPositions() {
        return Math.ceilDiv(batchFrames, ConvStem.STRIDE);
    }

    /** Number of encoder frames that are attended to, from every second value of the mask of the padded mel frames. */
    private int valid() {
        int firstKept = (batchFrames + 1) % 2;
        return Math.max(0, Math.ceilDiv(melFrames - SILENT_FRAMES - firstKept, ConvStem.STRIDE));
    }

    /** The rows that must be computed for the patches. */
    WhisperEncoder.Extent extent() {
        int pooled = Math.min(AudioEncoderConfig.ADAPTOR_STRIDE * patches(), batchPositions() / POOLED_FRAMES);
        int frames = Math.max(valid(), POOLED_FRAMES * pooled);
        return new WhisperEncoder.Extent(Math.min(ConvStem.STRIDE * frames, batchFrames), frames, valid());
    }
}
