/**
 * Voices, which are prompts of a flow decoder that speaks in the voice of a recording. A {@link Voice} represents
 * recorded speech as codes, a speaker vector and mel frames (Step-Audio-2's Token2wav). {@link VoiceFile} reads and
 * writes voices. {@link VoicePrompt} computes the features of a recording, from which {@link VoiceMaker} makes a voice.
 * The required networks are published as ONNX files, so the implementation is in the optional module {@code onnx} and
 * is loaded as a service.
 */
package sparrow.speech.voice;
