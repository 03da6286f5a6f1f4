/**
 * Speech synthesis: from codes to a waveform. Start with {@link Synthesizer}. A {@link FlowSynthesizer} consists of a
 * flow decoder and a vocoder: {@link GlmVocoder} for GLM-4-Voice, and {@link Token2Wav} for Step-Audio-2, which speaks
 * in a given voice. {@link Detokenizer} is the synthesizer of LFM2.5-Audio, whose speech consists of frames of several
 * codes. A {@link SpeechStream} accepts the codes of an utterance block by block, with the block sizes of
 * {@link CodeBlocks}. The random numbers come from a {@link Noise}; the same seed produces the same samples.
 *
 * <p>A synthesizer is safe for several threads. A stream and a noise belong to one utterance, and to one thread at a
 * time.
 */
package sparrow.speech.vocode;
