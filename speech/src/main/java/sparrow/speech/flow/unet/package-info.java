/**
 * The flow decoder of GLM-4-Voice (CosyVoice's MaskedDiffWithXvec). Start with {@link FlowDecoder}; {@link FlowConfig}
 * contains the sizes. A U-net estimates the velocity. The decoder is stateless: every call processes all codes so far,
 * with finished frames as a condition.
 */
package sparrow.speech.flow.unet;
