/**
 * The flow decoder of GLM-4-Voice (CosyVoice's MaskedDiffWithXvec). Start with {@link FlowDecoder}; {@link FlowConfig}
 * contains the dimensions. A U-net estimates the velocity. The decoder is stateless: each call processes all codes
 * received so far, with finished frames as a condition.
 */
package sparrow.speech.flow.unet;
