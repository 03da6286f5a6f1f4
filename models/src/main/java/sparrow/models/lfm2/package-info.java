/**
 * The family LFM2-Audio and LFM2.5-Audio. Its backbone of short convolutions and attention accepts audio embeddings and
 * alternates text tokens and frames of speech codes. Start with {@link Lfm2Family}. {@code FrameUnits} defines the
 * units of a reply, {@code DepthDecoder} predicts the codes of a frame, and {@code FrameTracker} tracks the pattern of
 * text and frames. All sizes and ids are read from the checkpoint.
 */
package sparrow.models.lfm2;
