package sparrow.study.text;

/**
 * Makes texts comparable that say the same in different letters. Gives what the normaliser of Whisper gives
 * (openai/whisper, whisper/normalizers, commit c0d2f62), to the letter, oddities included: word error rates of this
 * field are counted on their output, and a tidier text would give other rates.
 */
public sealed interface TextNormalizer permits EnglishNormalizer {
    /**
     * For English: no brackets, fillers, punctuation or diacritics; contractions and titles written out; numbers, money
     * and ordinals in digits; American spelling.
     */
    static TextNormalizer english() {
        return new EnglishNormalizer();
    }

    /** The text in its comparable form: words with one space between, a space at an end possible. */
    String apply(String text);
}
