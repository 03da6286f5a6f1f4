package sparrow.study.asr;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Sentences as the words that are spoken: lower case, apostrophes within words, no other punctuation. */
final class Sentences {
    private static final Pattern NOT_SPOKEN = Pattern.compile("[^\\p{L}\\p{N}\\p{M}']+");

    private Sentences() {}

    static List<String> words(String sentence) {
        String lower = sentence.toLowerCase(Locale.ROOT).replace('’', '\'');
        return NOT_SPOKEN
                .splitAsStream(lower)
                .map(word -> word.replaceAll("^'+|'+$", ""))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
