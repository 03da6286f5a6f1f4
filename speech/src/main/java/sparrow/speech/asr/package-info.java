/**
 * Speech recognisers. The implementations of {@link SpeechRecognizer} use external programs and models. The
 * implementations are in the optional module {@code study} and are loaded as services.
 */
package sparrow.speech.asr;
