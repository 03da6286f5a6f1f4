/**
 * Voices, which are prompts of a flow decoder that speaks in the voice of a recording. A {@link Voice} contains
 * recorded speech as codes, speaker vector and mel frames (Step-Audio-2's Token2wav). {@link VoiceFile} reads and
 * writes voices. {@link VoicePrompt} computes the features of a recording, from which {@link VoiceMaker} makes a voice.
 * The networks for this are published as ONNX files, so the implementation is in the optional module {@code onnx} and
 * is found as a service.
 */
package sparrow.speech.voice;
