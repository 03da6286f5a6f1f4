/**
 * The flow decoder of Step-Audio-2 (CosyVoice 2's CausalMaskedDiffWithXvec). Start with {@link DitFlow} for whole
 * utterances, and with {@link PromptedFlow} and {@link DitFlowSession} for codes that arrive in chunks.
 * {@link DitFlowConfig} contains the sizes. A diffusion transformer estimates the velocity. Encoder and estimator
 * remember earlier chunks, so each chunk is computed once. A session is for one caller at a time.
 */
package sparrow.speech.flow.dit;
