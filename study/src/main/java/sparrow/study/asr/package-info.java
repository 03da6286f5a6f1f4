/**
 * Speech recognisers: the words of a reply as it sounds. Start with {@link Recognizers#open} and {@link
 * sparrow.speech.asr.SpeechRecognizer}. There are three: Sphinx4, which is pure Java, whisper.cpp, and a service with OpenAI's protocol.
 * Wrong words are counted elsewhere ({@code sparrow.study.text}).
 */
package sparrow.study.asr;
