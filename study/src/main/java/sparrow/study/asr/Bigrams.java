package sparrow.study.asr;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A bigram language model of given sentences. Of every bigram that was seen, {@value #DISCOUNT} of a count is kept for
 * those that were not, and shared among them as their second words are frequent (absolute discounting with back-off: Ney,
 * Essen and Kneser, 1994). The same sentences give the same model, in any order.
 */
final class Bigrams {
    /** Before the first word. */
    static final String START = "<s>";

    /** After the last word. */
    static final String END = "</s>";

    private static final double DISCOUNT = 0.5;

    /** The logarithm that ARPA files give what never happens. */
    private static final double NEVER = -99;

    /** Counts of words, the end included and the start not. */
    private final SortedMap<String, Integer> words = new TreeMap<>();

    /** Counts of the words that came after a word, or after the start. */
    private final SortedMap<String, SortedMap<String, Integer>> followers = new TreeMap<>();

    private int total;

    private Bigrams() {}

    /**
     * The model of sentences, each a list of words.
     *
     * @throws IllegalArgumentException if there is no word in them
     */
    static Bigrams of(List<List<String>> sentences) {
        Bigrams bigrams = new Bigrams();
        for (List<String> sentence : sentences) {
            if (!sentence.isEmpty()) bigrams.add(sentence);
        }
        if (bigrams.total == 0) throw new IllegalArgumentException("language model: expected sentences, got no word");
        return bigrams;
    }

    private void add(List<String> sentence) {
        String previous = START;
        for (String word : sentence) {
            count(previous, word);
            previous = word;
        }
        count(previous, END);
    }

    private void count(String previous, String word) {
        words.merge(word, 1, Integer::sum);
        followers.computeIfAbsent(previous, _ -> new TreeMap<>()).merge(word, 1, Integer::sum);
        total++;
    }

    /** Probability of a word of the sentences, or of the end, whatever came before. */
    double probability(String word) {
        return (double) words.getOrDefault(word, 0) / total;
    }

    /** Probability of a word of the sentences, or of the end, after a word or the start. */
    double probability(String previous, String word) {
        Map<String, Integer> seen = followers.get(previous);
        return seen.containsKey(word) ? seenProbability(seen, word) : backOff(previous) * probability(word);
    }

    private double seenProbability(Map<String, Integer> seen, String word) {
        return (seen.get(word) - discount(seen)) / count(seen);
    }

    /** The factor of the probability of a word that was never seen after another. */
    private double backOff(String previous) {
        Map<String, Integer> seen = followers.get(previous);
        if (discount(seen) == 0) return 0;
        double unseen = 1;
        for (String word : seen.keySet()) unseen -= probability(word);
        return discount(seen) * seen.size() / count(seen) / unseen;
    }

    /** Nothing is kept where every word was seen: no other word is left to get it. */
    private double discount(Map<String, Integer> seen) {
        return seen.size() == words.size() ? 0 : DISCOUNT;
    }

    private static int count(Map<String, Integer> seen) {
        return seen.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Writes the model in the ARPA format, logarithms to base 10. */
    void write(Path arpa) throws IOException {
        try (Writer out = Files.newBufferedWriter(arpa)) {
            int bigrams = followers.values().stream().mapToInt(Map::size).sum();
            out.write("\\data\\\nngram 1=%d\nngram 2=%d\n\n\\1-grams:\n".formatted(words.size() + 1, bigrams));
            out.write(line(NEVER, START, log(backOff(START))));
            for (String word : words.keySet()) {
                double weight = word.equals(END) ? 0 : log(backOff(word));
                out.write(line(log(probability(word)), word, weight));
            }
            out.write("\n\\2-grams:\n");
            for (String previous : followers.keySet()) {
                for (String word : followers.get(previous).keySet()) {
                    out.write("%s %s %s\n".formatted(number(log(probability(previous, word))), previous, word));
                }
            }
            out.write("\n\\end\\\n");
        }
    }

    private static String line(double logarithm, String word, double backOff) {
        return "%s %s %s\n".formatted(number(logarithm), word, number(backOff));
    }

    private static double log(double probability) {
        return probability == 0 ? NEVER : Math.log10(probability);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.6f", value);
    }
}
