/**
 * The network that converts LFM2.5-Audio frames to samples. It runs LFM2 layers over the mean embeddings of the codes,
 * followed by an inverse short-time Fourier transform. A {@link FrameDecoder.Utterance} accepts frames block by block.
 */
package sparrow.speech.detokenize;
