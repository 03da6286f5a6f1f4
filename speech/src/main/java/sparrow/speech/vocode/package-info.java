/**
 * Speech synthesis, which converts codes to a waveform. Start with {@link Synthesizer}. A {@link FlowSynthesizer}
 * consists of a flow decoder and a vocoder: {@link GlmVocoder} for GLM-4-Voice, and {@link Token2Wav} for Step-Audio-2,
 * which speaks in a given voice. {@link Detokenizer} is the synthesizer of LFM2.5-Audio, whose speech consists of
 * frames of several codes. A {@link SpeechStream} accepts an utterance's codes in blocks, whose sizes
 * {@link CodeBlocks} determines. A {@link Noise} supplies the random numbers; the same seed produces the same samples.
 *
 * <p>A synthesizer is safe for use by multiple threads. A stream and a noise belong to one utterance and must be used
 * by one thread at a time.
 */
package sparrow.speech.vocode;
