/**
 * The family LFM2-Audio and LFM2.5-Audio: a backbone of short convolutions and attention hears vectors, and writes text tokens and
 * frames of speech codes by turns. Start with {@link Lfm2Family}; {@code FrameUnits} are the units, {@code DepthDecoder} decides the codes
 * of a frame, {@code FrameTracker} is the place of text and frames in a reply. All sizes and ids come from the checkpoint. The package
 * knows no other family.
 */
package sparrow.models.lfm2;
