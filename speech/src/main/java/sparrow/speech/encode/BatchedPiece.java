package sparrow.speech.encode;

/**
 * Lengths of an audio piece in every stage of Step-Audio-2's encoder if the piece is in a batch. The official code pads
 * the features of all pieces of a prompt with zeros to the length of the longest piece, and also computes the padding.
 * The padding affects the result in two ways: the number of valid frames depends on the parity of the <em>padded</em>
 * length, and the last patch may read one pooled frame of padding. Later rows are not computed here.
 *
 * @param melFrames number of mel frames of the piece
 * @param batchFrames number of mel frames of the longest piece in the batch
 */
record BatchedPiece(int melFrames, int batchFrames) {
    /** Number of encoder frames per pooled frame. */
    static final int POOLED_FRAMES = 2;

    /** Number of mel frames that are not counted because they begin in the silence after the audio. */
    private static final int SILENT_FRAMES = 2;

    /**
     * Returns the number of patches of a piece in any batch. All divisions round down, so a very short piece has no
     * patches.
     */
    static int patches(int melFrames) {
        int pooled = Math.floorDiv(Math.floorDiv(melFrames - SILENT_FRAMES + 1, 2), POOLED_FRAMES);
        int padded = pooled + 2; // one row of zeros at each end
        return Math.floorDiv(padded - AudioEncoderConfig.ADAPTOR_KERNEL, AudioEncoderConfig.ADAPTOR_STRIDE) + 1;
    }

    int patches() {
        return patches(melFrames);
    }

    /** Returns the number of encoder frames in the padded batch. */
    int batchPositions() {
        return Math.ceilDiv(batchFrames, ConvStem.STRIDE);
    }

    /**
     * Returns the number of encoder frames that are attended to. The mask of the encoder frames consists of every
     * second value of the mask of the padded mel frames.
     */
    private int valid() {
        int firstKept = (batchFrames + 1) % 2;
        return Math.max(0, Math.ceilDiv(melFrames - SILENT_FRAMES - firstKept, ConvStem.STRIDE));
    }

    /** Returns the numbers of rows that must be computed for the patches. */
    WhisperEncoder.Extent extent() {
        int pooled = Math.min(AudioEncoderConfig.ADAPTOR_STRIDE * patches(), batchPositions() / POOLED_FRAMES);
        int frames = Math.max(valid(), POOLED_FRAMES * pooled);
        return new WhisperEncoder.Extent(Math.min(ConvStem.STRIDE * frames, batchFrames), frames, valid());
    }
}
