/**
 * The units of models whose speech is frames of several codes, shared by LFM2.5-Audio and LFM3-Audio.
 * {@code FrameUnits} defines the units of a reply. A {@code FrontHead} computes the input of a {@code DepthModel} from
 * the backbone's hidden state, and the {@code DepthModel} predicts the codes of a frame.
 */
package sparrow.models.frame;
