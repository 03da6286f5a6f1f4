package sparrow.study.compare;

import java.util.List;
import sparrow.app.report.Mean;
import sparrow.study.text.WordErrors;

/**
 * The word error rate of a corpus: the number of word errors divided by the number of reference words.
 *
 * @param percent rate in percent, or null if there are no utterances
 * @param standardError standard error in percent, as for a ratio of two sums; null if there are fewer than two
 *     utterances
 * @param edits number of word errors
 * @param words number of reference words
 * @param utterances number of utterances
 */
public record WordErrorRate(Double percent, Double standardError, int edits, int words, int utterances) {
    static WordErrorRate of(List<WordErrors> utterances) {
        WordErrors sum = utterances.stream().reduce(WordErrors.NONE, WordErrors::plus);
        int n = utterances.size();
        if (n == 0) return new WordErrorRate(null, null, 0, 0, 0);
        double rate = sum.rate();
        return new WordErrorRate(100 * rate, error(utterances, rate, sum), sum.edits(), sum.referenceWords(), n);
    }

    /** Returns the rate, in percent, as a mean over utterances. */
    public Mean mean() {
        return new Mean(percent, standardError, utterances);
    }

    private static Double error(List<WordErrors> utterances, double rate, WordErrors sum) {
        int n = utterances.size();
        if (n < 2 || sum.referenceWords() == 0) return null;
        double squares = 0;
        for (WordErrors one : utterances) {
            double residual = one.edits() - rate * one.referenceWords();
            squares += residual * residual;
        }
        return 100 * Math.sqrt(squares * n / (n - 1)) / sum.referenceWords();
    }
}
