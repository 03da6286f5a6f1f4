/**
 * Speech for questions of data sets without recordings. {@link TextToSpeech} converts text to speech.
 * {@link CommandTextToSpeech} runs an external program once per text, and caches the audio. No voice model is included.
 */
package sparrow.study.speak;
