/**
 * The network that turns frames of LFM2.5-Audio into samples: LFM2 layers over the mean embeddings of the codes, and an
 * inverse short-time Fourier transform. A {@link FrameDecoder.Utterance} accepts frames block by block.
 */
package sparrow.speech.detokenize;
