package sparrow.engine.text;

import java.text.Normalizer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The way in which a family of tokenizers prepares a text and cuts it into the pieces within which tokens merge. Every
 * character falls into a piece.
 */
enum Splitting {
    /** The text as it is, digits in threes. */
    GLM4("\\p{N}{1,3}", text -> text),
    /** The text in Unicode's composed form (NFC), each digit for itself. */
    QWEN2("\\p{N}", text -> Normalizer.normalize(text, Normalizer.Form.NFC));

    private final Pattern pieces;
    private final UnaryOperator<String> normalisation;

    Splitting(String digits, UnaryOperator<String> normalisation) {
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
        this.normalisation = normalisation;
    }

    /** The pattern of a piece, in the words of the tokenizer files. */
    String pattern() {
        return pieces.pattern();
    }

    /** Hands the pieces to {@code consumer}, in order. */
    void split(String text, Consumer<String> consumer) {
        Matcher matcher = pieces.matcher(normalisation.apply(text));
        while (matcher.find()) consumer.accept(matcher.group());
    }
}
