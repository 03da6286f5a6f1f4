/**
 * Speech for questions of data sets without recordings. {@link TextToSpeech} speaks a text; {@link CommandTextToSpeech}
 * does so with an external program, once per text, and caches the audio. No voice model is included.
 */
package sparrow.study.speak;
