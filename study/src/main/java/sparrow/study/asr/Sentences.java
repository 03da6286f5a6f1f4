package sparrow.study.asr;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Splits sentences into spoken words: lower case, with apostrophes within words, and without other punctuation. */
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

    /** Returns the words of sentences, split at words that are not in a dictionary. */
    static List<List<String>> phrases(List<String> sentences, Predicate<String> inDictionary) {
        List<List<String>> phrases = new ArrayList<>();
        for (String sentence : sentences) {
            List<String> phrase = new ArrayList<>();
            for (String word : words(sentence)) {
                if (inDictionary.test(word)) {
                    phrase.add(word);
                } else {
                    phrases.add(phrase);
                    phrase = new ArrayList<>();
                }
            }
            phrases.add(phrase);
        }
        return phrases;
    }
}
