/**
 * Compares transcripts with reference texts. {@link EnglishNormalizer} normalises texts exactly as Whisper's normaliser
 * does, and {@link WordErrors} counts word differences. The package does not depend on audio.
 */
package sparrow.study.text;
