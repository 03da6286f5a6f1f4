/**
 * LFM2-Audio and LFM2.5-Audio: a backbone of short convolutions and attention hears vectors, and writes text tokens and frames of
 * speech codes by turns. {@code FrameUnits} are its units, {@code DepthDecoder} decides the codes of a frame. The place of text and
 * frames in a reply is a {@code FrameTracker}'s.
 */
package sparrow.models.lfm2;
