package sparrow.study.asr;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Sentences that a recogniser with a dictionary may expect.
 *
 * @param phrases the sentences, cut at the words that the dictionary lacks
 * @param unknownWords those words
 */
record Expected(List<List<String>> phrases, SortedSet<String> unknownWords) {
    static Expected of(List<String> sentences, Predicate<String> inDictionary) {
        List<List<String>> phrases = new ArrayList<>();
        SortedSet<String> unknownWords = new TreeSet<>();
        for (String sentence : sentences) {
            List<String> phrase = new ArrayList<>();
            for (String word : Sentences.words(sentence)) {
                if (inDictionary.test(word)) {
                    phrase.add(word);
                } else {
                    unknownWords.add(word);
                    phrases.add(phrase);
                    phrase = new ArrayList<>();
                }
            }
            phrases.add(phrase);
        }
        return new Expected(phrases, unknownWords);
    }
}
