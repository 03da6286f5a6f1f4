/**
 * The parts that both flow decoders share. A flow decoder converts codes to mel frames by conditional flow matching, as
 * in CosyVoice: {@link CodeEmbedding} and {@link Conformer} encode the codes, and {@link OdeSolver} integrates an
 * estimated velocity, starting from noise, with classifier-free guidance. The network that estimates the velocity
 * differs between model families: see {@code flow.unet} and {@code flow.dit}.
 */
package sparrow.speech.flow;
