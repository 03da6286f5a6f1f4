package sparrow.study.text;

/**
 * Makes texts comparable that say the same in different letters. Both normalisers give what those of Whisper give
 * (openai/whisper, whisper/normalizers, commit c0d2f62), to the letter, oddities included: word error rates of this
 * field are counted on their output, and a tidier text would give other rates.
 */
public sealed interface TextNormalizer permits BasicNormalizer, EnglishNormalizer {
    /**
     * For English: no brackets, fillers, punctuation or diacritics; contractions and titles written out; numbers, money
     * and ordinals in digits; American spelling.
     */
    static TextNormalizer english() {
        return new EnglishNormalizer();
    }

    /** For any language: lower case without brackets, symbols and punctuation. */
    static TextNormalizer basic() {
        return new BasicNormalizer();
    }

    /** The text in its comparable form: words with one space between, a space at an end possible. */
    String apply(String text);
}
