package sparrow.speech.encode;

/**
 * Lengths of a piece of sound in every stage of Step-Audio-2's encoder when it stands in a batch. The official code pads
 * the features of all pieces of a prompt with zeros to the longest one and computes the padding too. The padding shows in
 * the result twice. The number of valid frames depends on the parity of the <em>padded</em> length, and the last patch
 * may reach one pooled frame into the padding. Rows behind that one are not computed here.
 *
 * @param melFrames of the piece
 * @param batchFrames mel frames of the longest piece of the batch
 */
record BatchedPiece(int melFrames, int batchFrames) {
    /** Encoder frames of a pooled one. */
    static final int POOLED_FRAMES = 2;

    /** Mel frames that do not count, because they begin in the silence behind the sound. */
    private static final int SILENT_FRAMES = 2;

    /** Patches of a piece in any batch. All divisions round down: a very short piece has none. */
    static int patches(int melFrames) {
        int pooled = Math.floorDiv(Math.floorDiv(melFrames - SILENT_FRAMES + 1, 2), POOLED_FRAMES);
        int padded = pooled + 2; // a row of zeros at either end
        return Math.floorDiv(padded - AudioEncoderConfig.ADAPTOR_KERNEL, AudioEncoderConfig.ADAPTOR_STRIDE) + 1;
    }

    int patches() {
        return patches(melFrames);
    }

    /** Encoder frames of the padded batch. */
    int batchPositions() {
        return Math.ceilDiv(batchFrames, ConvStem.STRIDE);
    }

    /** Encoder frames that others attend to: the mask of the padded mel frames, every second one of it. */
    private int valid() {
        int firstKept = (batchFrames + 1) % 2;
        return Math.max(0, Math.ceilDiv(melFrames - SILENT_FRAMES - firstKept, ConvStem.STRIDE));
    }

    /** The rows that the patches need. */
    WhisperEncoder.Extent extent() {
        int pooled = Math.min(AudioEncoderConfig.ADAPTOR_STRIDE * patches(), batchPositions() / POOLED_FRAMES);
        int frames = Math.max(valid(), POOLED_FRAMES * pooled);
        return new WhisperEncoder.Extent(Math.min(ConvStem.STRIDE * frames, batchFrames), frames, valid());
    }
}
