/**
 * Components shared by both flow decoders. A flow decoder converts codes to mel frames by conditional flow matching, as
 * in CosyVoice: {@link CodeEmbedding} and {@link Conformer} encode the codes, and {@link OdeSolver} integrates an
 * estimated velocity, starting from noise, with classifier-free guidance. The network that estimates the velocity
 * depends on the model family; see {@code flow.unet} and {@code flow.dit}.
 */
package sparrow.speech.flow;
