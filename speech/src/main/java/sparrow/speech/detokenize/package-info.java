/**
 * The network that turns frames of LFM2.5-Audio into samples: LFM2 layers over the means of the codes' embeddings, and an
 * inverse short-time Fourier transform. {@link FrameDecoder.Utterance} takes frames block by block.
 */
package sparrow.speech.detokenize;
