/**
 * Speech recognisers. {@link SpeechRecognizer} is the one type: its implementations bring programs and models of others, so that they are in
 * the optional module {@code study} and are found as a service.
 */
package sparrow.speech.asr;
