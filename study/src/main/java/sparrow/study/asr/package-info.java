/**
 * Speech recognisers, which transcribe spoken replies. Start with {@link Recognizers#open} and
 * {@link sparrow.speech.asr.SpeechRecognizer}. There are three recognisers: Sphinx4, which is pure Java, whisper.cpp,
 * and services with OpenAI's protocol. The package {@code sparrow.study.text} counts word errors.
 */
package sparrow.study.asr;
