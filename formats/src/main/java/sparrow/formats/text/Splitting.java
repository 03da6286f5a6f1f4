package sparrow.formats.text;

import java.text.Normalizer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Defines how a tokenizer family normalises text and splits it into pieces, within which tokens merge. Every character
 * belongs to a piece.
 *
 * @param digits grouping of digits
 * @param normalisation normalisation applied to text before it is split
 */
record Splitting(Digits digits, Normalisation normalisation) {
    /** Splitting without normalisation, with digits in groups of up to three. */
    static final Splitting GLM4 = new Splitting(Digits.IN_THREES, Normalisation.NONE);

    /** Splitting with normalisation to Unicode's composed form (NFC), in which each digit is a piece. */
    static final Splitting QWEN2 = new Splitting(Digits.ONE_BY_ONE, Normalisation.NFC);

    /** Groupings of digits, with the complete pattern of a piece. */
    enum Digits {
        /** Groups of up to three digits (Llama 3, GLM-4, LFM2). */
        IN_THREES("\\p{N}{1,3}"),
        /** Each digit is a separate group (Qwen2). */
        ONE_BY_ONE("\\p{N}");

        private final Pattern pieces;

        Digits(String digits) {
            // The first alternative that matches wins. Character classes are Unicode's, so NBSP and U+3000 are white
            // space.
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

        /** Returns the pattern of a piece in the form that tokenizer files contain. */
        String pattern() {
            return pieces.pattern();
        }
    }

    /** Unicode normalisations of text. */
    enum Normalisation {
        /** No normalisation. */
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

    /** Passes the pieces to {@code consumer} in order. */
    void split(String text, Consumer<String> consumer) {
        Matcher matcher = digits.pieces.matcher(normalisation.apply(text));
        while (matcher.find()) consumer.accept(matcher.group());
    }
}
