package sparrow.study.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Converts spelled-out numbers to digits, as Whisper's EnglishNumberNormalizer does. The input is lower-case text
 * without symbols.
 */
final class EnglishNumbers {
    private static final Pattern AND_A_HALF = Letters.unicode("\\band\\s+a\\s+half\\b");

    private static final List<Rewrite> SPLIT_FROM_LETTERS = List.of(
            Rewrite.of("(?<=[a-z])(?=[0-9])", " "),
            Rewrite.of("(?<=[0-9])(?=[a-z])", " "),
            Rewrite.of("([0-9])\\s+(st|nd|rd|th|s)\\b", "$1$2"));

    private static final Pattern WITH_CENTS = Letters.unicode("([€£$])([0-9]+) (?:and )?¢([0-9]{1,2})\\b");
    /** As in the reference, the point is not escaped and matches any character. */
    private static final Pattern ONLY_CENTS = Letters.unicode("[€£$]0.([0-9]{1,2})\\b");

    private static final Rewrite ONE = Rewrite.of("\\b1(s?)\\b", "one$1");

    private EnglishNumbers() {}

    static String inDigits(String text) {
        String prepared = Rewrite.all(SPLIT_FROM_LETTERS, withHalves(text));
        String read = String.join(" ", NumberReader.read(Letters.words(prepared)));
        String dollars = WITH_CENTS.matcher(read).replaceAll(EnglishNumbers::withCents);
        String cents = ONLY_CENTS.matcher(dollars).replaceAll(match -> "¢" + Integer.parseInt(match.group(1)));
        return ONE.apply(cents);
    }

    /**
     * Replaces "two and a half" by "two point five". In other contexts the phrase is retained, except at an end of the
     * text, where it is lost.
     */
    private static String withHalves(String text) {
        List<String> parts = List.of(AND_A_HALF.split(text, -1));
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            List<String> words = Letters.words(parts.get(i));
            if (words.isEmpty()) continue;
            kept.add(parts.get(i));
            if (i < parts.size() - 1) kept.add(half(words.getLast()));
        }
        return String.join(" ", kept);
    }

    private static String half(String before) {
        boolean number = NumberWord.of(before)
                .map(word -> word.isDecimal() || word.isCardinal(NumberWord.Multiplier.class))
                .orElse(false);
        return number ? "point five" : "and a half";
    }

    /**
     * Replaces "$2" followed by "¢7" by "$2.07". The result is quoted because a dollar sign has a special meaning in
     * replacements.
     */
    private static String withCents(MatchResult match) {
        String money = "%s%s.%02d".formatted(match.group(1), match.group(2), Integer.parseInt(match.group(3)));
        return Matcher.quoteReplacement(money);
    }
}
