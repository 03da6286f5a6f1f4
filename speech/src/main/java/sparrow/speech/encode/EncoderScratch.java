package sparrow.speech.encode;

/**
 * Arrays that all layers of one pass write to. Made for a piece and dropped with it: a question is encoded once, and
 * keeping room for 30 s would hold 70 MB of the released model's size for nothing.
 */
final class EncoderScratch {
    /** [frames, width]: normed rows, later the attended ones. */
    final float[] rows;
    /** [frames, 3 * width]: queries, keys, values. */
    final float[] qkv;
    /** [frames, width]: what is to be added to the residual stream. */
    final float[] update;
    /** [frames, ffnWidth]. */
    final float[] inner;

    EncoderScratch(WhisperVqConfig config, Piece piece) {
        rows = new float[piece.frames() * config.width()];
        qkv = new float[3 * rows.length];
        update = new float[rows.length];
        inner = new float[piece.frames() * config.ffnWidth()];
    }
}
