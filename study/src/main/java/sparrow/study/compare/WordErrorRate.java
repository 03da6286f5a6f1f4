package sparrow.study.compare;

import java.util.List;
import sparrow.app.report.Mean;
import sparrow.study.text.WordErrors;

/**
 * The word error rate of a corpus: all errors by all words that were meant.
 *
 * @param percent null of no utterance
 * @param standardError in percent, as that of a ratio of two sums; null of fewer than two utterances
 * @param edits words to change
 * @param words that were meant
 * @param utterances heard
 */
public record WordErrorRate(Double percent, Double standardError, int edits, int words, int utterances) {
    static WordErrorRate of(List<WordErrors> utterances) {
        WordErrors sum = utterances.stream().reduce(WordErrors.NONE, WordErrors::plus);
        int n = utterances.size();
        if (n == 0) return new WordErrorRate(null, null, 0, 0, 0);
        double rate = sum.rate();
        return new WordErrorRate(100 * rate, error(utterances, rate, sum), sum.edits(), sum.referenceWords(), n);
    }

    /** The rate in percent as a mean over utterances. */
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
