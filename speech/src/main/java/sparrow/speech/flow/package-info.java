/**
 * Parts of both flow decoders. A flow decoder turns codes into mel frames by conditional flow matching, as CosyVoice
 * does: {@link CodeEmbedding} and {@link Conformer} encode the codes, and {@link OdeSolver} carries noise along an
 * estimated velocity with classifier-free guidance. The network that estimates the velocity differs between the
 * families: see {@code flow.unet} and {@code flow.dit}. The package knows no audio samples.
 */
package sparrow.speech.flow;
