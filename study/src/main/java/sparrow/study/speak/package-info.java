/**
 * Speech for questions of data sets that have no recordings. {@link TextToSpeech} speaks a text; {@link
 * CommandTextToSpeech} does so with a program of the machine, once per text, and keeps the sound. No voice model is
 * included.
 */
package sparrow.study.speak;
