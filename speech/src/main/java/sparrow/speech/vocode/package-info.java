/**
 * Speech synthesis: codes to a waveform. Start with {@link Synthesizer}. A {@link FlowSynthesizer} is a flow decoder
 * and a vocoder together: {@link GlmVocoder} is that of GLM-4-Voice, {@link Token2Wav} that of Step-Audio-2, which
 * speaks in a given voice. {@link Detokenizer} is that of LFM2.5-Audio, whose speech is frames of several codes. A
 * {@link SpeechStream} takes the codes of one utterance block by block, in the rhythm of {@link CodeBlocks}. The random
 * numbers come from a {@link Noise}, so that the same seed gives the same samples.
 *
 * <p>A synthesizer is safe for several threads. A stream and a noise belong to one utterance, and to one thread at a
 * time. The package does not know which tokens of a reply are codes.
 */
package sparrow.speech.vocode;
