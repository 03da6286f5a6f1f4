package sparrow.study.text;

import java.util.List;

/**
 * The differences of a text that was heard from the one that was meant.
 *
 * @param edits the fewest words to substitute, delete or insert that make one of the other (Levenshtein distance)
 * @param referenceWords words that were meant
 */
public record WordErrors(int edits, int referenceWords) {
    /** Of no words at all: where a sum begins. */
    public static final WordErrors NONE = new WordErrors(0, 0);

    /** Between two texts as {@link EnglishNormalizer} makes them comparable. */
    public static WordErrors between(String reference, String heard) {
        List<String> words = Words.of(EnglishNormalizer.apply(reference));
        return new WordErrors(distance(words, Words.of(EnglishNormalizer.apply(heard))), words.size());
    }

    /** Over both texts; a corpus is counted so, not by the mean of rates. */
    public WordErrors plus(WordErrors more) {
        return new WordErrors(edits + more.edits, referenceWords + more.referenceWords);
    }

    /**
     * The word error rate; above 1 is possible. For an empty text that was meant it is the number of words that were heard
     * (jiwer 4).
     */
    public double rate() {
        return referenceWords == 0 ? edits : (double) edits / referenceWords;
    }

    /** Row by row: after word i of the reference, distances[j] is that between its first i words and the first j heard. */
    private static int distance(List<String> reference, List<String> heard) {
        int[] distances = new int[heard.size() + 1];
        for (int j = 0; j <= heard.size(); j++) distances[j] = j;
        for (int i = 1; i <= reference.size(); i++) {
            int diagonal = distances[0];
            distances[0] = i;
            for (int j = 1; j <= heard.size(); j++) {
                int above = distances[j];
                int substituted = diagonal + (reference.get(i - 1).equals(heard.get(j - 1)) ? 0 : 1);
                distances[j] = Math.min(substituted, Math.min(above, distances[j - 1]) + 1);
                diagonal = above;
            }
        }
        return distances[heard.size()];
    }
}
