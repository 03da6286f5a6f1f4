/** Voices: what a flow decoder is prompted with to speak as somebody did. */
package sparrow.speech.voice;
