/**
 * Speech recognisers: what a listener hears in a reply. Start with {@link Recognizers#open} and {@link
 * SpeechRecognizer}. There are three: Sphinx4, which is pure Java, whisper.cpp, and a service with OpenAI's protocol.
 * How many words are wrong is counted elsewhere ({@code sparrow.study.text}).
 */
package sparrow.study.asr;
