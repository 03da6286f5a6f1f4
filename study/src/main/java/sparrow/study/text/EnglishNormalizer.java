package sparrow.study.text;

import java.util.List;
import java.util.Locale;

/**
 * Makes English texts comparable that say the same in different letters: no brackets, fillers, punctuation or diacritics;
 * contractions and titles written out; numbers, money and ordinals in digits; American spelling. Gives what the
 * EnglishTextNormalizer of Whisper gives (openai/whisper, whisper/normalizers, commit c0d2f62), to the letter, oddities
 * included: word error rates of this field are counted on its output, and a tidier text would give other rates. The order of
 * the steps and of the rewrites within them is part of the result. By hand, since it exists in Python alone.
 */
public final class EnglishNormalizer {
    private static final String KEPT_SYMBOLS = ".%$¢€£";

    private static final List<Rewrite> SPOKEN_FORMS = List.of(
            Rewrite.of("\\b(?:hmm|mm|mhm|mmm|uh|um)\\b", ""),
            Rewrite.of("\\s+'", "'"),
            // Contractions that no rule gives.
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
            // Titles; the space is for the name where the point was written without one.
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
            // 'd and 's before these words are had and has, before all others would and is.
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

    /** Symbols without a number beside them. */
    private static final List<Rewrite> LONE_SYMBOLS =
            List.of(Rewrite.of("[.$¢€£]([^0-9])", " $1"), Rewrite.of("([^0-9])%", "$1 "));

    private EnglishNormalizer() {}

    private static Rewrite word(String word, String replacement) {
        return Rewrite.of("\\b" + word + "\\b", replacement);
    }

    private static Rewrite ending(String ending, String replacement) {
        return Rewrite.of(ending + "\\b", replacement);
    }

    /** The text in its comparable form: words with one space between, a space at an end possible. */
    public static String apply(String text) {
        String spoken = Letters.withoutBrackets(text.toLowerCase(Locale.ROOT));
        String written = Rewrite.all(POINTS_AND_COMMAS, Rewrite.all(SPOKEN_FORMS, spoken));
        String plain = Letters.withoutSymbolsAndDiacritics(written, KEPT_SYMBOLS);
        String american = Spelling.american(EnglishNumbers.inDigits(plain));
        return Letters.withSingleSpaces(Rewrite.all(LONE_SYMBOLS, american));
    }
}
