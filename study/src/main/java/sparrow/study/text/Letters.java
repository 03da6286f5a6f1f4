package sparrow.study.text;

import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/** The normaliser's steps for single characters, spaces and brackets. */
final class Letters {
    /** Letters that Unicode does not decompose. */
    private static final Map<String, String> WHOLE = Map.ofEntries(
            Map.entry("œ", "oe"),
            Map.entry("Œ", "OE"),
            Map.entry("ø", "o"),
            Map.entry("Ø", "O"),
            Map.entry("æ", "ae"),
            Map.entry("Æ", "AE"),
            Map.entry("ß", "ss"),
            Map.entry("ẞ", "SS"),
            Map.entry("đ", "d"),
            Map.entry("Đ", "D"),
            Map.entry("ð", "d"),
            Map.entry("Ð", "D"),
            Map.entry("þ", "th"),
            Map.entry("Þ", "th"),
            Map.entry("ł", "l"),
            Map.entry("Ł", "L"));

    private static final Pattern IN_BRACKETS = Pattern.compile("[<\\[][^>\\]]*[>\\]]");
    private static final Pattern IN_PARENTHESES = Pattern.compile("\\([^)]+\\)");
    private static final Pattern SPACES = unicode("\\s+");

    private Letters() {}

    /** Compiles a pattern. As in Python, its classes of letters, digits and spaces include all scripts. */
    static Pattern unicode(String pattern) {
        return Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS);
    }

    /** Returns the text without a transcriber's annotations, such as "[noise]" or "(laughs)". */
    static String withoutBrackets(String text) {
        String spoken = IN_BRACKETS.matcher(text).replaceAll("");
        return IN_PARENTHESES.matcher(spoken).replaceAll("");
    }

    /**
     * Returns the text with spaces instead of symbols and punctuation, except the given characters, and with letters
     * without diacritics.
     */
    static String withoutSymbolsAndDiacritics(String text, String kept) {
        return map(Normalizer.normalize(text, Normalizer.Form.NFKD), c -> {
            String letter = Character.toString(c);
            if (kept.contains(letter)) return letter;
            if (WHOLE.containsKey(letter)) return WHOLE.get(letter);
            if (Character.getType(c) == Character.NON_SPACING_MARK) return "";
            return isSymbol(c) ? " " : letter;
        });
    }

    /** Returns the words separated by white space, or an empty list if the text is empty. */
    static List<String> words(String text) {
        return SPACES.splitAsStream(text).filter(word -> !word.isEmpty()).toList();
    }

    static String withSingleSpaces(String text) {
        return SPACES.matcher(text).replaceAll(" ");
    }

    private static String map(String text, IntFunction<String> replacement) {
        StringBuilder mapped = new StringBuilder();
        text.codePoints().forEach(c -> mapped.append(replacement.apply(c)));
        return mapped.toString();
    }

    /** Returns whether a character belongs to Unicode's categories M, S or P. */
    private static boolean isSymbol(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.MATH_SYMBOL,
                    Character.CURRENCY_SYMBOL,
                    Character.MODIFIER_SYMBOL,
                    Character.OTHER_SYMBOL,
                    Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }
}
