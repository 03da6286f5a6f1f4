package sparrow.formats.text;

import java.text.Normalizer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The way in which a family of tokenizers prepares a text and cuts it into the pieces within which tokens merge. Every
 * character falls into a piece.
 *
 * @param digits that stand together
 * @param normalisation of the text before it is cut
 */
record Splitting(Digits digits, Normalisation normalisation) {
    /** The text as it is, digits in threes. */
    static final Splitting GLM4 = new Splitting(Digits.IN_THREES, Normalisation.NONE);

    /** The text in Unicode's composed form (NFC), each digit for itself. */
    static final Splitting QWEN2 = new Splitting(Digits.ONE_BY_ONE, Normalisation.NFC);

    /** The runs of digits that are pieces, and with them the whole pattern. */
    enum Digits {
        /** Up to three (Llama 3, GLM-4, LFM2). */
        IN_THREES("\\p{N}{1,3}"),
        /** Each for itself (Qwen2). */
        ONE_BY_ONE("\\p{N}");

        private final Pattern pieces;

        Digits(String digits) {
            // The first alternative that matches wins. Classes are Unicode's, so that NBSP and U+3000 are white space.
            pieces = Pattern.compile(
                    "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
                            + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+"
                            + ("|" + digits)
                            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                            + "|\\s*[\\r\\n]+"
                            + "|\\s+(?!\\S)"
                            + "|\\s+",
                    Pattern.UNICODE_CHARACTER_CLASS);
        }

        /** The pattern of a piece, in the words of the tokenizer files. */
        String pattern() {
            return pieces.pattern();
        }
    }

    /** The form that a text is brought into. */
    enum Normalisation {
        /** None: the text as it is. */
        NONE {
            @Override
            String apply(String text) {
                return text;
            }
        },
        /** Unicode's composed form. */
        NFC {
            @Override
            String apply(String text) {
                return Normalizer.normalize(text, Normalizer.Form.NFC);
            }
        };

        abstract String apply(String text);
    }

    /** Hands the pieces to {@code consumer}, in order. */
    void split(String text, Consumer<String> consumer) {
        Matcher matcher = digits.pieces.matcher(normalisation.apply(text));
        while (matcher.find()) consumer.accept(matcher.group());
    }
}
