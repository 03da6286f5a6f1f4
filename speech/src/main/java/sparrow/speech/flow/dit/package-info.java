/**
 * The flow decoder of Step-Audio-2 (CosyVoice 2's CausalMaskedDiffWithXvec). Start with {@link DitFlow} for complete
 * utterances, and with {@link PromptedFlow} and {@link DitFlowSession} for codes that arrive in chunks.
 * {@link DitFlowConfig} contains the dimensions. A diffusion transformer estimates the velocity. Encoder and estimator
 * store the results of earlier chunks, so each chunk is computed once. A session must be used by one caller at a time.
 */
package sparrow.speech.flow.dit;
