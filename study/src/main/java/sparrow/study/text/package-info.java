/**
 * The comparison of a text that was heard with the one that was meant. {@link EnglishNormalizer} makes texts comparable, to the letter as Whisper's
 * normaliser does, and {@link WordErrors} counts the differences in words. The package knows no audio.
 */
package sparrow.study.text;
