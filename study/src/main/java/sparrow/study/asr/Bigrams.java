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
 * A bigram language model of given sentences. For each history, {@value #DISCOUNT} is subtracted from the count of
 * every observed bigram. The resulting probability is distributed among unobserved bigrams in proportion to the
 * frequency of their second words (absolute discounting with back-off: Ney, Essen and Kneser, 1994). The model does not
 * depend on the order of the sentences.
 */
final class Bigrams {
    /** Symbol for the start of a sentence. */
    static final String START = "<s>";

    /** Symbol for the end of a sentence. */
    static final String END = "</s>";

    private static final double DISCOUNT = 0.5;

    /** Logarithm of zero in ARPA files. */
    private static final double NEVER = -99;

    /** Word counts, including the end of a sentence but not its start. */
    private final SortedMap<String, Integer> words = new TreeMap<>();

    /** Counts of the words that follow each word or the start of a sentence. */
    private final SortedMap<String, SortedMap<String, Integer>> followers = new TreeMap<>();

    private int total;

    private Bigrams() {}

    /**
     * Creates a model of sentences, given as lists of words.
     *
     * @throws IllegalArgumentException if the sentences contain no word
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

    /** Returns the unconditional probability of a word or the end of a sentence. */
    double probability(String word) {
        return (double) words.getOrDefault(word, 0) / total;
    }

    /** Returns the probability of a word or the end of a sentence after another word or the start. */
    double probability(String previous, String word) {
        Map<String, Integer> seen = followers.get(previous);
        return seen.containsKey(word) ? seenProbability(seen, word) : backOff(previous) * probability(word);
    }

    private double seenProbability(Map<String, Integer> seen, String word) {
        return (seen.get(word) - discount(seen)) / count(seen);
    }

    /** Returns the factor for words that were not observed after {@code previous}. */
    private double backOff(String previous) {
        Map<String, Integer> seen = followers.get(previous);
        if (discount(seen) == 0) return 0;
        double unseen = 1;
        for (String word : seen.keySet()) unseen -= probability(word);
        return discount(seen) * seen.size() / count(seen) / unseen;
    }

    /** Returns the discount, which is 0 if all words were observed, because then no other word can receive it. */
    private double discount(Map<String, Integer> seen) {
        return seen.size() == words.size() ? 0 : DISCOUNT;
    }

    private static int count(Map<String, Integer> seen) {
        return seen.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Writes the model in the ARPA format, with logarithms to base 10. */
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
