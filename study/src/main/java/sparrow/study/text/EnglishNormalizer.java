package sparrow.study.text;

import java.util.List;
import java.util.Locale;

/**
 * Normalises English texts, so that different spellings of the same words can be compared: removes brackets, fillers,
 * punctuation and diacritics; expands contractions and titles; converts numbers, money and ordinals to digits; and uses
 * American spelling. The normaliser produces exactly the output of Whisper's EnglishTextNormalizer (openai/whisper,
 * whisper/normalizers, commit c0d2f62), including its oddities, because published word error rates are based on this
 * output. The order of the steps and of their rewrites affects the result. This is a port, because the original exists
 * in Python only.
 */
public final class EnglishNormalizer {
    private static final String KEPT_SYMBOLS = ".%$¢€£";

    private static final List<Rewrite> SPOKEN_FORMS = List.of(
            Rewrite.of("\\b(?:hmm|mm|mhm|mmm|uh|um)\\b", ""),
            Rewrite.of("\\s+'", "'"),
            // Contractions not covered by a rule.
            word("won't", "will not"),
            word("can't", "can not"),
            word("let's", "let us"),
            word("ain't", "aint"),
            word("y'all", "you all"),
            word("wanna", "want to"),
            word("gotta", "got to"),
            word("gonna", "going to"),
            word("i'ma", "i am going to"),
            word("imma", "i am going to"),
            word("woulda", "would have"),
            word("coulda", "could have"),
            word("shoulda", "should have"),
            word("ma'am", "madam"),
            // Titles. The space separates the name if it follows the point directly.
            word("mr", "mister "),
            word("mrs", "missus "),
            word("st", "saint "),
            word("dr", "doctor "),
            word("prof", "professor "),
            word("capt", "captain "),
            word("gov", "governor "),
            word("ald", "alderman "),
            word("gen", "general "),
            word("sen", "senator "),
            word("rep", "representative "),
            word("pres", "president "),
            word("rev", "reverend "),
            word("hon", "honorable "),
            word("asst", "assistant "),
            word("assoc", "associate "),
            word("lt", "lieutenant "),
            word("col", "colonel "),
            word("jr", "junior "),
            word("sr", "senior "),
            word("esq", "esquire "),
            // 'd and 's mean "had" and "has" before these words, and "would" and "is" before all other words.
            ending("'d been", " had been"),
            ending("'s been", " has been"),
            ending("'d gone", " had gone"),
            ending("'s gone", " has gone"),
            ending("'d done", " had done"),
            ending("'s got", " has got"),
            ending("n't", " not"),
            ending("'re", " are"),
            ending("'s", " is"),
            ending("'d", " would"),
            ending("'ll", " will"),
            ending("'t", " not"),
            ending("'ve", " have"),
            ending("'m", " am"));

    private static final List<Rewrite> POINTS_AND_COMMAS =
            List.of(Rewrite.of("(\\d),(\\d)", "$1$2"), Rewrite.of("\\.([^0-9]|$)", " $1"));

    /** Symbols that are not next to a number. */
    private static final List<Rewrite> LONE_SYMBOLS =
            List.of(Rewrite.of("[.$¢€£]([^0-9])", " $1"), Rewrite.of("([^0-9])%", "$1 "));

    private EnglishNormalizer() {}

    private static Rewrite word(String word, String replacement) {
        return Rewrite.of("\\b" + word + "\\b", replacement);
    }

    private static Rewrite ending(String ending, String replacement) {
        return Rewrite.of(ending + "\\b", replacement);
    }

    /** Returns the normalised text, with words separated by single spaces. There may be a space at either end. */
    public static String apply(String text) {
        String spoken = Letters.withoutBrackets(text.toLowerCase(Locale.ROOT));
        String written = Rewrite.all(POINTS_AND_COMMAS, Rewrite.all(SPOKEN_FORMS, spoken));
        String plain = Letters.withoutSymbolsAndDiacritics(written, KEPT_SYMBOLS);
        String american = Spelling.american(EnglishNumbers.inDigits(plain));
        return Letters.withSingleSpaces(Rewrite.all(LONE_SYMBOLS, american));
    }
}
