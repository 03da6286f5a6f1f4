/**
 * The flow decoder of GLM-4-Voice (CosyVoice's MaskedDiffWithXvec). Start with {@link FlowDecoder}; {@link FlowConfig}
 * has the sizes. A U-net estimates the velocity. It runs over all codes so far, with finished frames as a condition,
 * and remembers nothing between calls.
 */
package sparrow.speech.flow.unet;
