package sparrow.study.text;

import java.util.List;

/**
 * The differences between a transcript and its reference text.
 *
 * @param edits minimum number of word substitutions, deletions and insertions between the texts (Levenshtein distance)
 * @param referenceWords number of words in the reference text
 */
public record WordErrors(int edits, int referenceWords) {
    /** Zero errors in zero words, the initial value of a sum. */
    public static final WordErrors NONE = new WordErrors(0, 0);

    /** Returns the errors between two texts normalised by {@link EnglishNormalizer}. */
    public static WordErrors between(String reference, String heard) {
        List<String> words = Letters.words(EnglishNormalizer.apply(reference));
        return new WordErrors(distance(words, Letters.words(EnglishNormalizer.apply(heard))), words.size());
    }

    /** Returns the total errors of both texts. The errors of a corpus are summed; rates are not averaged. */
    public WordErrors plus(WordErrors more) {
        return new WordErrors(edits + more.edits, referenceWords + more.referenceWords);
    }

    /**
     * Returns the word error rate, which may exceed 1. For an empty reference, the rate is the number of words in the
     * transcript (jiwer 4).
     */
    public double rate() {
        return referenceWords == 0 ? edits : (double) edits / referenceWords;
    }

    /**
     * Returns the Levenshtein distance between two texts. After word i of the reference, distances[j] is the distance
     * between its first i words and the first j words of the transcript.
     */
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
