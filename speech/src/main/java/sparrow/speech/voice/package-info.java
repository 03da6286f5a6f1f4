/**
 * Voices: what a flow decoder is prompted with, so that it speaks as somebody did. A {@link Voice} is that person's
 * speech as codes, speaker vector and mel frames (Step-Audio-2's Token2wav). {@link VoiceFile} keeps it, {@link
 * VoicePrompt} has the features of a recording, and {@link VoiceMaker} makes a voice of one. The networks for that are
 * published as ONNX files, so the implementation is in the module {@code onnx} and is found as a service, if it is
 * there at all.
 */
package sparrow.speech.voice;
