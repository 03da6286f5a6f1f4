/**
 * Voices: prompts of a flow decoder, which then speaks in the voice of a recording. A {@link Voice} is recorded speech
 * as codes, speaker vector and mel frames (Step-Audio-2's Token2wav). {@link VoiceFile} keeps it, {@link VoicePrompt}
 * has the features of a recording, and {@link VoiceMaker} makes a voice of one. The networks for that are published as
 * ONNX files, so the implementation is in the optional module {@code onnx} and is found as a service.
 */
package sparrow.speech.voice;
